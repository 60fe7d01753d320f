-- How many complaints one e-mail address may register on the web is bounded.

-- +goose Up
CREATE INDEX customers_by_email ON customers (lower(email)) WHERE email <> '';
DROP INDEX complaints_changed; -- nothing asks for it, and each step renewed it

-- +goose Down
CREATE INDEX complaints_changed ON complaints (updated_at);
DROP INDEX customers_by_email;
