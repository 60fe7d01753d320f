-- Who may know of a complaint by a duty stands beside those who have a part in it: "duty:operations.head", and "department:it"
-- while that department's help is asked. Each write says it anew; this says it for the complaints that are there.

-- +goose Up
UPDATE complaints c SET participants = ARRAY(
    SELECT unnest(c.participants)
    UNION
    SELECT 'duty:' || replace(c.state -> 'terms' ->> 'head_duty', '{department}', d.department)
    FROM (SELECT c.department AS department
          UNION ALL
          SELECT jsonb_array_elements_text(coalesce(c.state -> 'people' -> 'with', '[]'::jsonb))) d
    WHERE d.department <> '' AND coalesce(c.state -> 'terms' ->> 'head_duty', '') <> ''
    UNION
    SELECT 'duty:' || (c.state -> 'terms' ->> 'named_by') WHERE coalesce(c.state -> 'terms' ->> 'named_by', '') <> ''
)
WHERE c.standing = 'live';

-- +goose Down
UPDATE complaints c SET participants = ARRAY(SELECT p FROM unnest(c.participants) p WHERE p NOT LIKE '%:%')
WHERE c.standing = 'live';
