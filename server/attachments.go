package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"recourse/internal/api"
	"recourse/internal/store"
)

const (
	attachmentsPath = "/v1/complaints/:number/attachments"
	filePart        = "file"
	longestFileName = 200 // characters
)

// AddAttachment keeps a file.
func (s *server) AddAttachment(ctx context.Context, request api.AddAttachmentRequestObject) (api.AddAttachmentResponseObject, error) {
	o, err := s.mayAttach(ctx, request.Number)
	if err != nil {
		return nil, err
	}
	name, content, err := readFile(request.Body)
	if err != nil {
		return nil, err
	}
	mediaType, taken := fileType(content)
	if !taken {
		return nil, &problem{status: http.StatusUnsupportedMediaType, code: api.ProblemCodeUnsupportedMediaType, detail: "file_type"}
	}
	file := store.Attachment{Number: request.Number, Name: name, MediaType: mediaType, Content: content, AddedBy: o.who.actor.Person}
	kept, err := s.addOnce(ctx, file)
	if err != nil {
		return nil, err
	}
	return api.AddAttachment201JSONResponse(attachment(o.names, kept)), nil
}

// addOnce: the same file of the same person is one file, however often it is sent.
func (s *server) addOnce(ctx context.Context, file store.Attachment) (store.Attachment, error) {
	there, err := s.store.Attachments(ctx, file.Number)
	if err != nil {
		return store.Attachment{}, err
	}
	digest := sha256.Sum256(file.Content)
	for _, known := range there {
		if known.AddedBy == file.AddedBy && known.Name == file.Name && bytes.Equal(known.SHA256, digest[:]) && !known.Erased {
			return known, nil
		}
	}
	return s.store.AddAttachment(ctx, file)
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
	for utf8.RuneCountInString(name) > longestFileName {
		_, size := utf8.DecodeRuneInString(name)
		name = name[size:] // the end tells the kind of file
	}
	if name = strings.Trim(name, ". "); name == "" {
		return filePart
	}
	return name
}

// ListAttachments shows the files of a complaint.
func (s *server) ListAttachments(ctx context.Context, request api.ListAttachmentsRequestObject) (api.ListAttachmentsResponseObject, error) {
	o, err := s.open(ctx, request.Number)
	if err != nil {
		return nil, err
	}
	files, err := s.store.Attachments(ctx, request.Number)
	if err != nil {
		return nil, err
	}
	list := api.ListAttachments200JSONResponse{Attachments: []api.Attachment{}}
	for _, file := range files {
		list.Attachments = append(list.Attachments, attachment(o.names, file))
	}
	return list, nil
}

// GetAttachment gives a file back, always as a download of unknown type: no browser shows it as a page of ours.
func (s *server) GetAttachment(ctx context.Context, request api.GetAttachmentRequestObject) (api.GetAttachmentResponseObject, error) {
	if _, err := s.open(ctx, request.Number); err != nil {
		return nil, err
	}
	file, err := s.store.Attachment(ctx, request.Number, request.Id)
	if err != nil {
		return nil, err
	}
	if file.Erased {
		return nil, errNotFound
	}
	return api.GetAttachment200ApplicationoctetStreamResponse{
		Body: bytes.NewReader(file.Content), ContentLength: int64(len(file.Content)),
		Headers: api.GetAttachment200ResponseHeaders{ContentDisposition: mime.FormatMediaType("attachment", map[string]string{"filename": file.Name})},
	}, nil
}

func attachment(n names, file store.Attachment) api.Attachment {
	return api.Attachment{Id: file.ID, Name: file.Name, ContentType: file.MediaType, Size: int64(file.Size), Sha256: hex.EncodeToString(file.SHA256),
		AddedAt: file.AddedAt, By: n.of(file.AddedBy)}
}
