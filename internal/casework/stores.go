package casework

import (
	"github.com/jackc/pgx/v5/pgxpool"

	"recourse/internal/store/attachment"
	"recourse/internal/store/away"
	"recourse/internal/store/confirmation"
	"recourse/internal/store/erasure"
	"recourse/internal/store/learning"
	"recourse/internal/store/links"
	"recourse/internal/store/outbox"
	"recourse/internal/store/published"
	"recourse/internal/store/reading"
	"recourse/internal/store/record"
	"recourse/internal/store/submission"
)

// Stores are what casework reads and writes in the database.
type Stores struct {
	Absences      *away.Store
	Attachments   *attachment.Store
	Confirmations *confirmation.Store
	Erasure       *erasure.Store
	Issued        *links.Store
	Learning      *learning.Store
	Outbox        *outbox.Store
	Published     *published.Store
	Reading       *reading.Store
	Record        *record.Store
	Submissions   *submission.Store
}

// StoresIn are those in a database.
func StoresIn(database *pgxpool.Pool) Stores {
	return Stores{Absences: away.New(database), Attachments: attachment.New(database), Confirmations: confirmation.New(database), Erasure: erasure.New(database), Issued: links.New(database),
		Learning: learning.New(database), Outbox: outbox.New(database), Published: published.New(database), Reading: reading.New(database),
		Record: record.New(database), Submissions: submission.New(database)}
}
