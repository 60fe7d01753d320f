package procedures_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
)

// What people are held to account for they are held to account for once, however often the case
// comes back; somebody new is.
// First review: B10.
func TestCourierStation_AccountabilityStartsOnceForTheSamePeople(t *testing.T) {
	for again, processes := range map[string]int{"huang-li": 1, "wang-wei": 2} {
		r := request(t, parsed(t, `
story: {en: Reopened, zh-CN: 重新办理}
procedure: courier-station
steps:
  - 2026-03-02 09:00 li-na register:
      channel: phone
      category: operations.mistake
      screen: {kind: complaint, valid: true, category: operations.mistake, severity: normal}
  - 2026-03-02 09:20 zhao-lei accept
  - 2026-03-02 09:25 zhao-lei contact: {reached: true}
  - 2026-03-02 09:30 zhao-lei find: {founded: true, liability: department, cause_code: mistake, people: [huang-li]}
  - 2026-03-02 09:40 li-na withdraw
  - 2026-03-05 09:00 li-na reopen
  - 2026-03-05 09:20 zhao-lei accept
  - 2026-03-05 09:25 zhao-lei contact: {reached: true}
  - 2026-03-05 09:30 zhao-lei find: {founded: true, liability: department, cause_code: mistake, people: [`+again+`]}
until: 2026-03-05 10:00
`))
		c := lived(t, r)
		require.Equal(t, complaint.Proposing, c.Stage)
		count := 0
		for _, side := range c.Sides {
			if side.Kind == "accountability" {
				count++
			}
		}
		require.Equal(t, processes, count, "%s is liable now", again)
	}
}

// No agent closes a complaint past every clock, approval and explanation.
// First review: B3.
func TestCourierStation_OnlyAnEnquiryOrASuggestionIsClosedAsAnswered(t *testing.T) {
	for name, screened := range map[string]string{
		"not screened":             "",
		"a complaint":              "  - 2026-03-02 09:05 li-na screen: {kind: complaint, valid: true, category: operations.mistake, severity: normal}\n",
		"an unfounded one":         "  - 2026-03-02 09:05 li-na screen: {kind: complaint, valid: false, category: operations.mistake, severity: normal}\n",
		"a letter to people named": "  - 2026-03-02 09:05 li-na screen: {kind: whistleblowing, valid: true, category: operations.mistake, severity: normal}\n",
		"an enquiry":               "  - 2026-03-02 09:05 li-na screen: {kind: enquiry, valid: true, category: operations.mistake, severity: normal}\n",
		"a suggestion":             "  - 2026-03-02 09:05 li-na screen: {kind: suggestion, valid: true, category: operations.mistake, severity: normal}\n",
	} {
		t.Run(name, func(t *testing.T) {
			c := lived(t, request(t, parsed(t, `
story: {en: Closed as answered, zh-CN: 以已答复结案}
procedure: courier-station
steps:
  - 2026-03-02 09:00 li-na register: {channel: phone, category: operations.mistake}
`+screened+`  - 2026-03-02 09:10 li-na close: {outcome: answered}
until: 2026-03-02 09:20
`)))
			answerable := name == "an enquiry" || name == "a suggestion"
			require.Equal(t, answerable, c.Stage == complaint.Closed, "at %s", c.Stage)
		})
	}
}
