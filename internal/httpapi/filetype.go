package httpapi

import (
	"bytes"
	"errors"
	"mime"
	"net/http"
	"slices"
)

// fileTypes are the types of files that are taken, as found from their content. Newer office
// documents are ZIP archives, older ones OLE compound files.
var fileTypes = []string{"image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp", "image/heic", "application/pdf", "text/plain",
	"audio/mpeg", "audio/wave", "audio/aiff", "audio/basic", "application/ogg", "video/mp4", "video/webm", "video/quicktime", "application/zip", "application/x-ole-storage"}

// errFileType says that files of this kind aren't taken.
var errFileType = errors.New("files of this kind aren't taken")

// Brands of files whose first box is "ftyp" (ISO/IEC 14496-12) that the standard library doesn't
// know: telephones' photographs (ISO/IEC 23008-12) and films.
var brands = map[string]string{"heic": "image/heic", "heix": "image/heic", "heim": "image/heic", "heis": "image/heic", "mif1": "image/heic", "msf1": "image/heic",
	"qt  ": "video/quicktime"}

// compound begins an OLE compound file ([MS-CFB] 2.2).
var compound = []byte{0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1}

// fileType is the type of a file by its content; false when files of it aren't taken.
func fileType(content []byte) (string, bool) {
	if bytes.HasPrefix(content, compound) {
		return "application/x-ole-storage", true
	}
	if len(content) >= 12 && string(content[4:8]) == "ftyp" {
		if found, known := brands[string(content[8:12])]; known {
			return found, true
		}
	}
	found, _, err := mime.ParseMediaType(http.DetectContentType(content))
	return found, err == nil && slices.Contains(fileTypes, found)
}
