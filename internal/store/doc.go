// Package store is how Recourse reaches PostgreSQL: the pool of connections, the migrations and the
// rights, and what the packages below it have in common. Each of them keeps one concern, with its
// queries beside it; a struct made from the pool is all that a caller holds of one.
//
//   - write commits what one cause made happen, in one transaction over the others
//   - record is what happened: only appended to, chained by hashes, sealed and verified
//   - reading is what lists, inboxes and pages show: complaints, clocks, tasks, relations
//   - submission is what people sent, with their words; it gives out the numbers
//   - remembered is what was answered to an idempotency key, beside the steps
//   - outbox is the messages on their way
//   - links are the links that customers were given
//   - attachment is the files of a complaint
//   - published is the procedures, calendars and directories, version by version
//   - away is when people are away
//   - learning is the case library, spot checks and satisfaction campaigns
//   - erasure takes personal data and free text out of all of them
//   - searchtext is how words are indexed and looked for
//
// Personal data and free text are in few places, which erasure knows: the submissions' bodies, the
// customers, the attachments, and what was written when learning. Everything else holds coded
// facts.
package store
