package config

import (
	"crypto/tls"

	"go.temporal.io/sdk/client"
)

// TemporalConnection is how programs reach Temporal. Nothing is compressed: what goes over the wire
// is a few kilobytes inside a data centre, and zipping them costs both ends more than it saves.
func TemporalConnection(protect *tls.Config) client.ConnectionOptions {
	return client.ConnectionOptions{TLS: protect, GrpcCompression: &client.GrpcCompressionNone{}}
}
