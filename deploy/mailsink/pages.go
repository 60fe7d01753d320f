package mailsink

import (
	_ "embed"
	"encoding/json"
	"html/template"
	"net/http"
	"slices"
	"strings"
)

// shown bounds the page, not what is kept: the newest ones.
const shown = 200

//go:embed page.html
var pageSource string

var page = template.Must(template.New("page").Parse(pageSource))

// Handler shows the mail: a page at /, JSON at /messages (oldest first, ?to= narrows it to one
// recipient), a message as it came at /messages/{id}.
func (s *Sink) Handler() http.Handler {
	routes := http.NewServeMux()
	routes.HandleFunc("GET /{$}", s.showPage)
	routes.HandleFunc("GET /messages", s.showList)
	routes.HandleFunc("GET /messages/{id}", s.showMessage)
	return routes
}

func (s *Sink) showPage(w http.ResponseWriter, _ *http.Request) {
	all := s.Messages()
	newest := slices.Clone(all[max(0, len(all)-shown):])
	slices.Reverse(newest)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	// A reader who went away is no concern of ours.
	_ = page.Execute(w, map[string]any{"Total": len(all), "Shown": newest})
}

func (s *Sink) showList(w http.ResponseWriter, r *http.Request) {
	to := r.URL.Query().Get("to")
	listed := []Message{}
	for _, message := range s.Messages() {
		if to == "" || slices.ContainsFunc(message.To, func(recipient string) bool { return strings.EqualFold(recipient, to) }) {
			listed = append(listed, message)
		}
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"messages": listed})
}

func (s *Sink) showMessage(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if !slices.ContainsFunc(s.Messages(), func(m Message) bool { return m.ID == id }) {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	http.ServeFile(w, r, s.path(id))
}
