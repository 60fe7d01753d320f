-- The rights of the role by which server and worker connect, apart from the owner of the tables who migrates. Run it as that
-- owner after each migration; recourse_app stands for the role, which has to exist:
--   CREATE ROLE recourse_app LOGIN PASSWORD '…';
GRANT USAGE ON SCHEMA public TO recourse_app;
-- What is read and kept up to date.
GRANT SELECT, INSERT, UPDATE ON submissions, idempotency_keys, number_sequences, complaints, customers, clocks, sides, relations,
    messages, links, attachments, absences, spot_checks, campaigns, campaign_answers, followed_directories TO recourse_app;
GRANT SELECT, INSERT, DELETE, UPDATE ON tasks, remembered_answers, cases, confirmations, brought_back TO recourse_app;
GRANT SELECT ON open_matters, schema_migrations TO recourse_app;
-- What only grows. The owner's triggers refuse the rest as well.
GRANT SELECT, INSERT ON record, writes, seals, sealed_heads, accepted_findings, spot_check_draws, procedures, calendars, directories TO recourse_app;
