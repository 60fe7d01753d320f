// Package store keeps complaints in PostgreSQL: what people sent, the record of what happened, the read model that lists
// and inboxes show, the messages to be sent, and the procedures, calendars and directories by which all of it is decided.
//
// A step costs the API one statement ([Store.Submit]) and the worker two round trips ([Store.Record]): one that reads
// where the record stands, one that writes everything in a single transaction. The record is append-only and each of its
// rows is chained to the one before; [Store.Verify] finds what was tampered with.
//
// Personal data and free text are in few places, from which [Store.Erase] takes them: the submissions' bodies, the
// customers, and the attachments. Everything else holds coded facts.
//
// The queries are in queries/*.sql; package db is generated from them by sqlc.
package store
