package importing_test

import (
	"fmt"
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
		"a number that is far too long": {map[string]string{"phone": strings.Repeat("1", 60)}, importing.Dirt{Reason: `the customer's telephone number has more than 50 characters: "` + strings.Repeat("1", 40) + `"`, Done: "left it out"}, nil},
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
		"no ID":                            {map[string]string{"id": ""}, "its ID (id)"},
		"an ID that a spreadsheet rounded": {map[string]string{"id": "1.39E+10"}, "which a spreadsheet rounded; make the column text"},
		"an ID of a novel":                 {map[string]string{"id": strings.Repeat("A", 101)}, "its ID (id)"},
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

// First review: E2.
func TestMistakesOfAMappingAreToldWithTheirPlace(t *testing.T) {
	for name, c := range map[string]struct{ old, wrong, want string }{
		"a misspelt key":               {"place:", "plaice:", `mapping.yaml:9:1: unknown key "plaice"; write "place"`},
		"a procedure of nobody":        {"otherwise: {procedure: real-estate-project}", "otherwise: {procedure: real-estate}", "nobody registers for the procedure"},
		"no procedure":                 {"    Old word: {procedure: courier-station, category", "    Old word: {category", `say which procedure takes "Old word"`},
		"a zone that isn't":            {"Asia/Shanghai", "China", "there is no time zone"},
		"a format without a year":      {"DD.MM.YYYY hh:mm", "D.M.", `mapping.yaml:6:32: the format has no Y; write the format with YYYY`},
		"a year of another kind":       {"DD.MM.YYYY hh:mm", "D.M.YY", `mapping.yaml:6:32: "YY" means nothing in a format`},
		"a letter that means nothing":  {"DD.MM.YYYY hh:mm", "yyyy-MM-DD", `mapping.yaml:6:32: "y" means nothing in a format`},
		"minutes for months":           {"DD.MM.YYYY hh:mm", "YYYY-mm-DD hh:mm", `mapping.yaml:6:32: "m" stands twice in the format`},
		"an encoding that there isn't": {"source: old-system", "source: x\nencoding: ansi-chinese", `mapping.yaml:3:11: there is no encoding "ansi-chinese"; write gb18030`},
		"a pattern that is none":       {"{one_of: [Hall, Yard], may_be_empty: true}", "{pattern: '['}", "isn't a regular expression"},
		"a kind that isn't":            {"kind: enquiry", "kind: question", "unknown kind"},
		"a date that is no date":       {"as: heard_at", "as: heard", "write heard_at"},
		"a source for no key":          {"source: old-system", "source: the old system", "becomes part of each row's key"},
		"something left out":           {"narrative: [\"{what}\", \" in {where}\", \".\"]", "", `the key "narrative" is missing`},
	} {
		t.Run(name, func(t *testing.T) {
			require.Contains(t, small, c.old)
			_, err := importing.Parse("mapping.yaml", []byte(strings.Replace(small, c.old, c.wrong, 1)))
			require.ErrorContains(t, err, c.want)
		})
	}
	_, err := parse(t, small).Open(strings.NewReader("id,how,on,what,where,wish,name,phone,mail,part,typ\n"))
	require.ErrorContains(t, err, `no column "type" (write "typ")`)
}

// First review: E2.
func TestDatesAreReadAsSpreadsheetsWriteThem(t *testing.T) {
	noon := time.Date(2026, 11, 12, 12, 0, 0, 0, time.UTC)
	shanghai := time.FixedZone("CST", 8*60*60)
	second := time.Date(2026, 11, 2, 9, 5, 0, 0, shanghai)
	for _, c := range []struct {
		format, written string
		want            time.Time // zero: told as no date
	}{
		{"YYYY/MM/DD hh:mm", "2026/11/2 9:05", second},
		{"YYYY/MM/DD hh:mm", "2026/11/02 09:05", second},
		{"YYYY/M/D h:mm", "2026/11/2 9:05", second},
		{"YYYY/M/D h:mm", "2026/11/02  09:05", second},
		{"YYYY年M月D日 h时mm分", "2026年11月2日 9时05分", second},
		{"M/D/YYYY h:mm AM/PM", "11/2/2026 9:05 AM", second},
		{"M/D/YYYY h:mm AM/PM", "11/2/2026 12:05 am", time.Date(2026, 11, 2, 0, 5, 0, 0, shanghai)},
		{"YYYY/M/D AM/PM h:mm", "2026/11/2 下午 9:05", time.Date(2026, 11, 2, 21, 5, 0, 0, shanghai)},
		{"YYYYMMDDhhmm", "202611020905", second},
		{"YYYY-MM-DDThh:mm:ss", "2026-11-02T09:05:00", second},
		{"DD.MM.YYYY", "46328", time.Date(2026, 11, 2, 0, 0, 0, 0, shanghai)},
		{"DD.MM.YYYY", "46328.3784722222", second},
		{"DD.MM.YYYY", "2026-11-02 09:05:00", second},
		{"DD.MM.YYYY", "2026-11-02T09:05:00+08:00", second},
		{"DD.MM.YYYY", "31.11.2026", time.Time{}},
		{"DD.MM.YYYY", "2.13.2026", time.Time{}},
		{"DD.MM.YYYY hh:mm", "2.11.2026 24:00", time.Time{}},
		{"M/D/YYYY h:mm AM/PM", "11/2/2026 13:05 PM", time.Time{}},
		{"YYYYMMDD", "2026112", time.Time{}},
		{"DD.MM.YYYY", "13900001111", time.Time{}},
		{"DD.MM.YYYY", "2026", time.Time{}},
	} {
		m := parse(t, strings.Replace(small, "DD.MM.YYYY hh:mm", "'"+c.format+"'", 1))
		r, can := m.Registration(row(map[string]string{"on": c.written}), noon)
		require.True(t, can)
		require.WithinDuration(t, c.want, r.Body.HeardAt, 0, "%s as %s", c.written, c.format)
		require.Equal(t, c.want.IsZero(), len(r.Dirt) == 1, "%s as %s is told: %v", c.written, c.format, r.Dirt)
	}
}

// First review: E3.
func TestNumbersAndNamesOfAnOfficeAreKeptAsTheyAre(t *testing.T) {
	m := parse(t, small)
	for id, key := range map[string]string{
		"A-1":         "import/old-system/A-1",
		"TS 2026 005": "import/old-system/TS%202026%20005",
		"苏投〔2026〕12号": "import/old-system/%E8%8B%8F%E6%8A%95%E3%80%942026%E3%80%9512%E5%8F%B7",
		"0001234567":  "import/old-system/0001234567",
		"100%":        "import/old-system/100%25",
		"关于小区电梯多次停运的投诉": "import/old-system/sha256:",
	} {
		r, can := m.Registration(row(map[string]string{"id": id}), today)
		require.True(t, can, id)
		require.Empty(t, r.Dirt, id)
		require.Equal(t, id, r.Body.Fields["waybill"])
		require.True(t, strings.HasPrefix(r.Key, key), r.Key)
		require.Less(t, len(r.Key), 200, "as long as the API takes")
	}

	several := "13900001111，0512-66668888转8012（办公室，工作日白天联系）"
	r, _ := m.Registration(row(map[string]string{"phone": several, "name": "Nguyễn Văn An", "mail": "zb@例子.中国"}), today)
	require.Empty(t, r.Dirt, "lengths are counted in characters")
	require.Equal(t, api.Customer{Name: "Nguyễn Văn An", Phone: several, Email: "zb@例子.中国", Language: "zh-CN"}, r.Body.Customer)

	r, _ = m.Registration(row(map[string]string{"phone": "１３９００００１１１８", "mail": "wj＠example.com"}), today)
	require.Equal(t, "13900001118", r.Body.Customer.Phone)
	require.Equal(t, "wj@example.com", r.Body.Customer.Email)

	r, can := m.Registration(row(map[string]string{"phone": "1.39E+10"}), today)
	require.True(t, can)
	require.Empty(t, r.Body.Customer.Phone, "nobody can call it")
	require.Equal(t, []importing.Dirt{{Reason: `phone is "1.39E+10", which a spreadsheet rounded; make the column text or a number without decimals, and save it again`, Done: "left it out"}}, r.Dirt)
}

// "#N/A" is nobody's name, and "########" no date.
func TestWhatASpreadsheetCouldNotShowIsToldAndLeftOut(t *testing.T) {
	for _, spoilt := range []string{"########", "#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!"} {
		r, can := parse(t, small).Registration(row(map[string]string{"name": spoilt}), today)
		require.True(t, can)
		require.Empty(t, r.Body.Customer.Name)
		require.Equal(t, []importing.Dirt{{Reason: fmt.Sprintf("name is %q, which a spreadsheet wrote for what it couldn't show; widen the column or mend its formula, and save it again", spoilt),
			Done: "left it out"}}, r.Dirt)

		_, can = parse(t, small).Registration(row(map[string]string{"id": spoilt}), today)
		require.False(t, can)
	}
	r, _ := parse(t, small).Registration(row(map[string]string{"what": "#1 is torn", "name": "#"}), today)
	require.Empty(t, r.Dirt)
}
