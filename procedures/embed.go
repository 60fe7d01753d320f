// Package procedures holds the written procedures and calendars that come with
// the software, one YAML file each.
package procedures

import "embed"

// Files are the procedures (*.yaml) and the calendars (calendars/*.yaml).
//
//go:embed *.yaml calendars/*.yaml
var Files embed.FS
