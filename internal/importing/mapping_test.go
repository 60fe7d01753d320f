package importing_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/api"
	"recourse/internal/complaint"
	"recourse/internal/importing"
)

var today = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// small is a mapping with a bit of everything.
const small = `
source: old-system
id: id
registered_by: {courier-station: li-na, real-estate-project: lin-xia}
channel: {column: how, words: {Telephone: phone, Mail: letter}, default: email}
received: {column: on, format: DD.MM.YYYY hh:mm, zone: Asia/Shanghai, as: heard_at}
narrative: ["{what}", " in {where}", "."]
remedy_asked: "{wish}"
place: "{where}"
customer: {name: "{name}", phone: "{phone}", email: "{mail}", language: zh-CN}
fields:
  courier-station: {waybill: "{id}"}
clean:
  where: {one_of: [Hall, Yard], may_be_empty: true}
  name: {}
categories:
  column: type
  refine: part
  otherwise: {procedure: real-estate-project}
  table:
    Parcel:
      procedure: courier-station
      category: operations.mistake
      refined:
        Manners: {category: service.attitude}
        Question: {category: service, kind: enquiry}
    Old word: {procedure: courier-station, category: service, remark: no longer used}
`

func parse(t *testing.T, text string) *importing.Mapping {
	t.Helper()
	m, err := importing.Parse("mapping.yaml", []byte(text))
	require.NoError(t, err)
	return m
}

// row is a clean row of the small mapping's file, but for what is changed.
func row(changed map[string]string) importing.Row {
	values := map[string]string{"id": "A-1", "how": "telephone", "on": "27.02.2026 18:30", "what": "Lost", "where": "Hall", "wish": "Find it",
		"name": "Chen", "phone": "139", "mail": "chen@example.com", "type": "parcel", "part": ""}
	maps.Copy(values, changed)
	return importing.Row{Line: 7, Values: values}
}

func TestACleanRowBecomesARegistration(t *testing.T) {
	r, can := parse(t, small).Registration(row(nil), today)

	require.True(t, can)
	require.Empty(t, r.Dirt)
	require.Equal(t, "import/old-system/A-1", r.Key)
	require.Equal(t, complaint.PersonID("li-na"), r.By)
	require.Equal(t, api.Register{
		Procedure: "courier-station", Category: "operations.mistake", Channel: "phone", Narrative: "Lost in Hall.", RemedyAsked: "Find it", Place: "Hall",
		Customer: api.Customer{Name: "Chen", Phone: "139", Email: "chen@example.com", Language: "zh-CN"},
		HeardAt:  time.Date(2026, 2, 27, 10, 30, 0, 0, time.UTC), Fields: api.Fields{"waybill": "A-1"},
	}, r.Body)
}

func TestWhatIsNotCleanIsToldWithWhatWasDone(t *testing.T) {
	for name, c := range map[string]struct {
		changed map[string]string
		dirt    importing.Dirt
		check   func(*testing.T, importing.Registration)
	}{
		"an unknown type": {map[string]string{"type": "Select One"}, importing.Dirt{Reason: `type is "Select One", which the mapping doesn't have`, Done: "registered under real-estate-project"},
			func(t *testing.T, r importing.Registration) { require.Equal(t, complaint.PersonID("lin-xia"), r.By) }},
		"a type with a remark": {map[string]string{"type": "OLD WORD"}, importing.Dirt{Reason: `type is "OLD WORD": no longer used`, Done: "registered under courier-station, service"}, nil},
		"no date": {map[string]string{"on": ""}, importing.Dirt{Reason: "on is empty", Done: "registered without the date"},
			func(t *testing.T, r importing.Registration) { require.Zero(t, r.Body.HeardAt) }},
		"a date that doesn't exist": {map[string]string{"on": "31.02.2026 10:00"}, importing.Dirt{Reason: `on is "31.02.2026 10:00", not a date like DD.MM.YYYY hh:mm`, Done: "registered without the date"}, nil},
		"a date to come":            {map[string]string{"on": "31.12.2026 10:00"}, importing.Dirt{Reason: `on is "31.12.2026 10:00", after today`, Done: "registered without the date"}, nil},
		"a value that isn't one of those": {map[string]string{"where": "Roof"}, importing.Dirt{Reason: `where is "Roof"`, Done: "left it out"},
			func(t *testing.T, r importing.Registration) {
				require.Equal(t, "Lost.", r.Body.Narrative)
				require.Empty(t, r.Body.Place)
			}},
		"an empty value that should be there": {map[string]string{"name": ""}, importing.Dirt{Reason: "name is empty", Done: "registered without it"}, nil},
		"an unknown channel": {map[string]string{"how": "Fax"}, importing.Dirt{Reason: `how is "Fax", which the mapping doesn't have`, Done: "registered under the channel email"},
			func(t *testing.T, r importing.Registration) { require.Equal(t, "email", r.Body.Channel) }},
		"an address that is none": {map[string]string{"mail": "chen at home"}, importing.Dirt{Reason: `the customer's e-mail address is "chen at home"`, Done: "left it out"},
			func(t *testing.T, r importing.Registration) { require.Empty(t, r.Body.Customer.Email) }},
		"a number that is far too long": {map[string]string{"phone": strings.Repeat("1", 60)}, importing.Dirt{Reason: `the customer's telephone number is "` + strings.Repeat("1", 40) + `"`, Done: "left it out"}, nil},
		"a narrative that is far too long": {map[string]string{"what": strings.Repeat("长", 30000)}, importing.Dirt{Reason: "the narrative has more than 20000 characters", Done: "cut it there"},
			func(t *testing.T, r importing.Registration) { require.Len(t, []rune(r.Body.Narrative), 20000) }},
	} {
		t.Run(name, func(t *testing.T) {
			r, can := parse(t, small).Registration(row(c.changed), today)
			require.True(t, can)
			require.Equal(t, []importing.Dirt{c.dirt}, r.Dirt)
			if c.check != nil {
				c.check(t, r)
			}
		})
	}
}

func TestARowThatCannotBeRegisteredIsTold(t *testing.T) {
	for name, c := range map[string]struct {
		changed map[string]string
		reason  string
	}{
		"no ID":             {map[string]string{"id": ""}, "its ID (id)"},
		"an ID with spaces": {map[string]string{"id": "A 1"}, "its ID (id)"},
		"an ID of a novel":  {map[string]string{"id": strings.Repeat("A", 101)}, "its ID (id)"},
	} {
		t.Run(name, func(t *testing.T) {
			r, can := parse(t, small).Registration(row(c.changed), today)
			require.False(t, can)
			require.Len(t, r.Dirt, 1)
			require.Contains(t, r.Dirt[0].Reason, c.reason)
			require.Equal(t, importing.NotImported, r.Dirt[0].Done)
		})
	}
	nothing := strings.Replace(small, `narrative: ["{what}", " in {where}", "."]`, `narrative: "{what}"`, 1)
	r, can := parse(t, nothing).Registration(row(map[string]string{"what": ""}), today)
	require.False(t, can)
	require.Equal(t, []importing.Dirt{{Reason: "nothing is left to tell what happened", Done: importing.NotImported}}, r.Dirt)
}

func TestTheSecondColumnRefinesTheFirst(t *testing.T) {
	m := parse(t, small)

	r, _ := m.Registration(row(map[string]string{"part": "manners"}), today)
	require.Equal(t, "service.attitude", r.Body.Category)
	require.Nil(t, r.Body.Screen)

	r, _ = m.Registration(row(map[string]string{"part": "Question"}), today)
	require.Equal(t, &api.Screen{Kind: api.KindEnquiry, Valid: true, Category: "service"}, r.Body.Screen)
}

func TestMistakesOfAMappingAreToldWithTheirPlace(t *testing.T) {
	for name, c := range map[string]struct{ old, wrong, want string }{
		"a misspelt key":          {"place:", "plaice:", `mapping.yaml:9:1: unknown key "plaice"; write "place"`},
		"a procedure of nobody":   {"otherwise: {procedure: real-estate-project}", "otherwise: {procedure: real-estate}", "nobody registers for the procedure"},
		"no procedure":            {"    Old word: {procedure: courier-station, category", "    Old word: {category", `say which procedure takes "Old word"`},
		"a zone that isn't":       {"Asia/Shanghai", "China", "there is no time zone"},
		"a format without a year": {"DD.MM.YYYY hh:mm", "D.M.Y", "write the format with YYYY"},
		"a pattern that is none":  {"{one_of: [Hall, Yard], may_be_empty: true}", "{pattern: '['}", "isn't a regular expression"},
		"a kind that isn't":       {"kind: enquiry", "kind: question", "unknown kind"},
		"a date that is no date":  {"as: heard_at", "as: heard", "write heard_at"},
		"a source for no key":     {"source: old-system", "source: the old system", "becomes part of each row's key"},
		"something left out":      {"narrative: [\"{what}\", \" in {where}\", \".\"]", "", `the key "narrative" is missing`},
	} {
		t.Run(name, func(t *testing.T) {
			require.Contains(t, small, c.old)
			_, err := importing.Parse("mapping.yaml", []byte(strings.Replace(small, c.old, c.wrong, 1)))
			require.ErrorContains(t, err, c.want)
		})
	}
	require.ErrorContains(t, parse(t, small).CheckColumns([]string{"id", "how", "on", "what", "where", "wish", "name", "phone", "mail", "part", "typ"}), `no column "type" (write "typ")`)
}
