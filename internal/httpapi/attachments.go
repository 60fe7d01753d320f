package httpapi

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"path"
	"strings"
	"unicode"

	"recourse/internal/api"
)

const (
	attachmentsPath = "/v1/complaints/:number/attachments"
	filePart        = "file"
	longestFileName = 200 // characters
)

// AddAttachment keeps a file.
func (s *Server) AddAttachment(ctx context.Context, request api.AddAttachmentRequestObject) (api.AddAttachmentResponseObject, error) {
	o, err := s.open(ctx, request.Number)
	if err != nil {
		return nil, err
	}
	name, content, err := readFile(request.Body)
	if err != nil {
		return nil, err
	}
	mediaType, taken := fileType(content)
	if !taken {
		return nil, errFileType
	}
	kept, err := o.Attach(ctx, name, mediaType, content)
	return api.AddAttachment201JSONResponse(s.readerBy(ctx, o.Rules).Attachment(kept)), err
}

// readFile reads the one part that there is to be: a file.
func readFile(parts *multipart.Reader) (name string, content []byte, err error) {
	wrong := func(name, what string) error {
		return &api.BodyError{Mistakes: []api.Mistake{{Pointer: "/" + name, What: what, Want: "1"}}}
	}
	var tooLarge *http.MaxBytesError
	part, err := parts.NextPart()
	switch {
	case errors.As(err, &tooLarge):
		return "", nil, err
	case err != nil: // the end, or not a multipart body at all
		return "", nil, wrong(filePart, "required")
	case part.FormName() != filePart || part.FileName() == "":
		return "", nil, wrong(cleanName(part.FormName()), "unknown")
	}
	content, err = io.ReadAll(io.LimitReader(part, longestAttachment+1))
	switch {
	case errors.As(err, &tooLarge):
		return "", nil, err
	case err != nil:
		return "", nil, wrong(filePart, "wrong")
	case len(content) > longestAttachment:
		return "", nil, &http.MaxBytesError{Limit: longestAttachment}
	case len(content) == 0:
		return "", nil, wrong(filePart, "empty")
	}
	another, err := parts.NextPart()
	switch {
	case errors.As(err, &tooLarge):
		return "", nil, err
	case err == nil && another.FormName() == filePart:
		return "", nil, wrong(filePart, "too_many")
	case err == nil:
		return "", nil, wrong(cleanName(another.FormName()), "unknown")
	case !errors.Is(err, io.EOF): // cut off
		return "", nil, wrong(filePart, "wrong")
	}
	return cleanName(part.FileName()), content, nil
}

// cleanName is a file's name without its folders and without anything that isn't to be seen.
func cleanName(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || strings.ContainsRune(`"<>|:*?/`, r) {
			return -1
		}
		return r
	}, name)
	if characters := []rune(name); len(characters) > longestFileName {
		name = string(characters[len(characters)-longestFileName:]) // the end tells the kind of file
	}
	if name = strings.Trim(name, ". "); name == "" {
		return filePart
	}
	return name
}

// ListAttachments shows the files of a complaint.
func (s *Server) ListAttachments(ctx context.Context, request api.ListAttachmentsRequestObject) (api.ListAttachmentsResponseObject, error) {
	o, err := s.open(ctx, request.Number)
	if err != nil {
		return nil, err
	}
	files, err := o.Attachments(ctx)
	r, list := s.readerBy(ctx, o.Rules), api.ListAttachments200JSONResponse{Attachments: []api.Attachment{}}
	for _, file := range files {
		list.Attachments = append(list.Attachments, r.Attachment(file))
	}
	return list, err
}

// GetAttachment gives a file back, always as a download of unknown type: no browser shows it as a
// page of ours.
func (s *Server) GetAttachment(ctx context.Context, request api.GetAttachmentRequestObject) (api.GetAttachmentResponseObject, error) {
	o, err := s.open(ctx, request.Number)
	if err != nil {
		return nil, err
	}
	file, err := o.Attachment(ctx, request.Id)
	return api.GetAttachment200ApplicationoctetStreamResponse{
		Body: bytes.NewReader(file.Content), ContentLength: int64(len(file.Content)),
		Headers: api.GetAttachment200ResponseHeaders{ContentDisposition: mime.FormatMediaType("attachment", map[string]string{"filename": file.Name})},
	}, err
}
