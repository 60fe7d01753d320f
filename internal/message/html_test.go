package message

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/bilingual"
)

// First review: A15.
func TestEveryPageSaysWhatItsTextSaysAndHasOneButton(t *testing.T) {
	for _, m := range templates {
		for _, language := range bilingual.Languages() {
			data := example(m)
			page, err := m.HTML(language, data)
			require.NoError(t, err)
			buttons := strings.Count(page, "background:#1a4fa3")
			require.Equal(t, map[bool]int{true: 1, false: 0}[strings.Contains(page, data.Link)], buttons, "%s in %s", m.Name(), language)
			require.Equal(t, (m.toCustomer && m.Link() == "") || m.DisclosesNothing(), buttons == 0, "%s in %s: it leads somewhere", m.Name(), language)
			if buttons == 1 {
				require.NotContains(t, page, "></a>", "%s in %s: what the button does", m.Name(), language)
			}
			for _, left := range []string{"{{", "<no value>", "\n| ", "| 第"} {
				require.NotContains(t, page, left, "%s in %s", m.Name(), language)
			}
		}
	}
}

func TestNothingThatSomebodyWroteIsMarkup(t *testing.T) {
	evil := `<script>alert(1)</script><a href="https://evil.example">press</a>`
	page, err := Assigned.HTML(bilingual.English, Data{Number: "CS-1", Customer: evil, Narrative: evil, Phone: `139"><b>`, Organisation: evil, Link: `javascript:alert(1)`})
	require.NoError(t, err)
	for _, markup := range []string{"<script", "<b>", `href="https://evil`, `href="javascript:`} {
		require.NotContains(t, page, markup)
	}
}

func TestANumberToCallCanBePressed(t *testing.T) {
	page, err := TellCustomer.HTML(bilingual.English, Data{Number: "CS-1", Phone: "+86 139-6686 2070"})
	require.NoError(t, err)
	require.Contains(t, page, `<a href="tel:+8613966862070"`)
}
