// Package procedures holds the written procedures that come with the software, the calendars by
// which their people work, and example people for each of them: one YAML file each.
package procedures

import "embed"

// Files are the procedures (<id>.yaml), the calendars (calendars/<id>.yaml) and the people of each
// procedure (directories/<id>.yaml). rulebook.Read reads files that are laid out like this.
//
//go:embed *.yaml calendars/*.yaml directories/*.yaml
var Files embed.FS
