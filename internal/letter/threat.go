package letter

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"

	"recourse/internal/bilingual"
	"recourse/internal/complaint"
	"recourse/internal/message"
	"recourse/internal/phrase"
	"recourse/internal/words"
)

// threat fills in who keeps watch over a threat, and whom and what it may concern.
func (s Scene) threat(data *message.Data, written words.Written) {
	if threat := s.File.Threat; threat != nil {
		data.Watch, data.AtRisk = s.list(threat.Watchers(), true), s.list(threat.AtRisk, false)
		data.PlacesAtRisk = words.PlacesAtRisk(written)
	}
}

// list names people in one line, where it matters with their telephone numbers.
func (s Scene) list(people []complaint.PersonID, reachable bool) string {
	chinese := s.Language == bilingual.Chinese
	var called []string
	for _, person := range people {
		name, phone := s.name(person), s.People.People[person].Phone
		switch {
		case name == "":
			continue
		case reachable && phone != "" && chinese:
			name += "（" + phone + "）"
		case reachable && phone != "":
			name += " (" + phone + ")"
		}
		called = append(called, name)
	}
	return phrase.Listed(called, s.Language)
}

// pseudonym stands for a message's ID, which holds the complaint's number, in
// letters that must not tell it: stable, and nobody finds the number by trying.
func (w *Writer) pseudonym(id string) string {
	mac := hmac.New(sha256.New, w.WebhookKey)
	mac.Write([]byte("message " + id))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}
