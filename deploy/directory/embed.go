// Package directory holds example organisations, one for each procedure that
// comes with the software, for the local stack and for tests.
package directory

import "embed"

// Files are the example organisations, named for their procedures (*.yaml).
//
//go:embed *.yaml
var Files embed.FS
