package directory_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/internal/directory"
	"recourse/internal/rulebook/rulebooktest"
	"recourse/internal/yamlfile"
)

var (
	monday  = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	tuesday = monday.AddDate(0, 0, 1)
	friday  = monday.AddDate(0, 0, 4)
)

// firm is a small organisation: a shop and a store under one roof.
func firm(absences ...directory.Absence) *directory.Directory {
	person := func(id complaint.PersonID, department string) directory.Person {
		return directory.Person{ID: id, Department: department, Email: string(id) + "@example.com", Language: "en"}
	}
	return &directory.Directory{
		Organisation: "firm",
		Departments: map[string]directory.Department{
			"firm":    {ID: "firm", LedBy: []complaint.Role{"manager", "boss"}},
			"shop":    {ID: "shop", Parent: "firm"},
			"counter": {ID: "counter", Parent: "shop"},
		},
		People: map[complaint.PersonID]directory.Person{
			"ann": person("ann", "counter"), "ben": person("ben", "counter"), "cai": person("cai", "shop"),
			"dan": person("dan", "firm"), "eva": person("eva", "firm"),
		},
		Duties: map[complaint.Role]directory.Duty{
			"clerk":           {Role: "clerk", Primary: "ann", Secondary: "ben"},
			"counter.handler": {Role: "counter.handler", Primary: "ben", Secondary: "ann"},
			"counter.head":    {Role: "counter.head", Primary: "ann", Secondary: "ben"},
			"shop.head":       {Role: "shop.head", Primary: "cai", Secondary: "ann"},
			"manager":         {Role: "manager", Primary: "dan", Secondary: "cai"},
			"boss":            {Role: "boss", Primary: "eva", Secondary: "dan"},
		},
		Absences: absences,
	}
}

// away is a person's absence from Monday to Friday morning.
func away(person complaint.PersonID) directory.Absence {
	return directory.Absence{Person: person, From: monday, Until: friday}
}

func TestADutyIsHeldByThePrimaryThenTheSecondaryThenTheNextManager(t *testing.T) {
	for name, c := range map[string]struct {
		absences []directory.Absence
		except   []complaint.PersonID
		at       time.Time
		want     complaint.PersonID
	}{
		"everybody there":                                 {nil, nil, tuesday, "ann"},
		"primary away":                                    {[]directory.Absence{away("ann")}, nil, tuesday, "ben"},
		"primary back at the end of the absence":          {[]directory.Absence{away("ann")}, nil, friday, "ann"},
		"primary away from its first moment":              {[]directory.Absence{away("ann")}, nil, monday, "ben"},
		"primary is the subject of the complaint":         {nil, []complaint.PersonID{"ann"}, tuesday, "ben"},
		"secondary is the subject, primary away":          {[]directory.Absence{away("ann")}, []complaint.PersonID{"ben"}, tuesday, "cai"},
		"both away: the head of the department around":    {[]directory.Absence{away("ann"), away("ben")}, nil, tuesday, "cai"},
		"that head away as well: the manager at the root": {[]directory.Absence{away("ann"), away("ben"), away("cai")}, nil, tuesday, "dan"},
		"only the boss is left":                           {[]directory.Absence{away("ann"), away("ben"), away("cai"), away("dan")}, nil, tuesday, "eva"},
		"the same by exception":                           {nil, []complaint.PersonID{"ann", "ben", "cai", "dan"}, tuesday, "eva"},
	} {
		t.Run(name, func(t *testing.T) {
			holder, found := firm(c.absences...).Holder("clerk", c.at, c.except...)
			require.True(t, found)
			require.Equal(t, c.want, holder)
		})
	}
}

func TestNobodyHoldsADutyWhenEverybodyIsAway(t *testing.T) {
	d := firm(away("ann"), away("ben"), away("cai"), away("dan"), away("eva"))
	_, found := d.Holder("clerk", tuesday)
	require.False(t, found)
}

func TestADutyThatIsUnknownFallsToTheManagers(t *testing.T) {
	holder, found := firm().Holder("counter.cleaner", tuesday)
	require.True(t, found)
	require.Equal(t, complaint.PersonID("ann"), holder, "the head of the department that its name begins with")
	holder, found = firm().Holder("cleaner", tuesday)
	require.True(t, found)
	require.Equal(t, complaint.PersonID("dan"), holder, "the manager at the root")
}

// zammad#3694: the substitute of a substitute was lost. Here it is looked up
// when it is needed, and a circle of substitutes ends.
func TestSubstitutesInACircleEndWithTheNextManager(t *testing.T) {
	d := firm(away("ann"), away("ben"))
	d.Duties["shop.head"] = directory.Duty{Role: "shop.head", Primary: "ann", Secondary: "ben"}
	d.Duties["manager"] = directory.Duty{Role: "manager", Primary: "ben", Secondary: "ann"}
	holder, found := d.Holder("clerk", tuesday)
	require.True(t, found)
	require.Equal(t, complaint.PersonID("eva"), holder)

	shop := d.Departments["shop"]
	shop.Parent = "counter" // a tree that bites its own tail
	d.Departments["shop"] = shop
	_, found = d.Holder("clerk", tuesday)
	require.False(t, found)
}

func TestRolesAreTheDutiesHeldAndTheRolesTheyFill(t *testing.T) {
	roles := map[complaint.Role]complaint.Role{
		complaint.Agent: "clerk", complaint.Owner: "clerk",
		complaint.Handler: "{department}.handler", complaint.DepartmentHead: "{department}.head",
		complaint.ServiceManager: "manager", complaint.GeneralManager: "boss",
	}
	require.Equal(t, []complaint.Role{"agent", "clerk", "counter.handler", "counter.head", "department_head", "employee", "handler", "owner"},
		firm().RolesOf("ben", tuesday, roles), "as primary and as secondary")
	require.Equal(t, []complaint.Role{"boss", "employee", "general_manager"}, firm().RolesOf("eva", tuesday, roles))
	require.Contains(t, firm(away("dan"), away("cai")).RolesOf("eva", tuesday, roles), complaint.ServiceManager,
		"stands in when both are away")
	require.Empty(t, firm().RolesOf("stranger", tuesday, roles))
	require.Equal(t, "counter", firm().DepartmentOf("ann"))
	require.Empty(t, firm().DepartmentOf("stranger"))
}

func TestTheExamplePeopleAreRight(t *testing.T) {
	for _, id := range []string{"courier-station", "real-estate-project"} {
		d := rulebooktest.Rules(t, id).Directory
		require.Equal(t, id, d.Organisation)
		require.GreaterOrEqual(t, len(d.People), 12)
		languages := map[string]bool{}
		for _, person := range d.People {
			languages[person.Language] = true
			require.True(t, strings.HasSuffix(person.Email, "@example.com"), person.Email)
		}
		require.Len(t, languages, 2, "both languages are spoken")
		for _, duty := range []complaint.Role{"auditor", "administrator", "headquarters", "general-manager"} {
			require.Contains(t, d.Duties, duty)
		}
	}
}

func TestAPersonBelongsToOneOrganisation(t *testing.T) {
	read := func(text string) *directory.Directory {
		d, err := directory.Parse("people.yaml", []byte(text))
		require.NoError(t, err)
		return d
	}
	firm, other := read(right), read(strings.NewReplacer("firm", "works", "ann", "eve").Replace(right))
	_, err := directory.Homes(map[string]*directory.Directory{"firm": firm, "works": other})
	require.EqualError(t, err, `the person "ben" is in the directories of "firm" and "works"; give one of them another ID`)
	delete(other.People, "ben")
	homes, err := directory.Homes(map[string]*directory.Directory{"firm": firm, "works": other})
	require.NoError(t, err)
	require.Equal(t, map[complaint.PersonID]*directory.Directory{"ann": firm, "ben": firm, "eve": other}, homes)
}

const right = `organisation: firm
departments:
  firm: {name: {en: Firm, zh-CN: 公司}, led_by: [boss]}
  shop: {name: {en: Shop, zh-CN: 门店}, parent: firm}
people:
  ann: {name: {en: Ann, zh-CN: 安}, department: shop, email: ann@example.com, language: en}
  ben: {name: {en: Ben, zh-CN: 本}, department: firm, email: ben@example.com, language: zh-CN}
duties:
  boss: {primary: ben, secondary: ann}
  shop.head: {primary: ann, secondary: ben}
absences:
  - {person: ann, from: 2026-02-13T09:00:00+08:00, until: 2026-02-14T09:00:00+08:00}
`

func TestAMistakeInADirectoryIsShownWithItsPlaceAndWhatToWriteInstead(t *testing.T) {
	_, err := directory.Parse("firm.yaml", []byte(right))
	require.NoError(t, err)
	for name, c := range map[string]struct{ this, that, want string }{
		"unknown key":              {"email: ann@", "mail: ann@", `firm.yaml:6:54: unknown key "mail"; write "email"`},
		"unknown department":       {"department: shop", "department: shp", `firm.yaml:6:48: there is no department "shp"; write "shop"`},
		"unknown parent":           {"parent: firm", "parent: form", `firm.yaml:4:47: there is no department "form"; write "firm"`},
		"department within itself": {"parent: firm", "parent: shop", `firm.yaml:4:47: the department "shop" is within itself; give it another parent`},
		"nobody leads":             {"shop.head:", "shop.chief:", `firm.yaml:4:3: nobody leads the department "shop"; add the duty shop.head, or led_by: […]`},
		"led by no duty":           {"led_by: [boss]", "led_by: [bos]", `firm.yaml:3:48: there is no duty "bos"; write "boss"`},
		"unknown person":           {"primary: ben", "primary: bem", `firm.yaml:9:19: there is no person "bem"; write "ben"`},
		"their own secondary":      {"primary: ben, secondary: ann", "primary: ben, secondary: ben", `firm.yaml:9:35: "ben" can't stand in for themselves; name another person`},
		"no secondary":             {"boss: {primary: ben, secondary: ann}", "boss: {primary: ben}", `firm.yaml:9:3: the key "secondary" is missing here; add it`},
		"no address":               {"ann@example.com", "Ann <ann@example.com>", `firm.yaml:6:61: "Ann <ann@example.com>" is no e-mail address; write one such as li-na@example.com`},
		"webhook in the clear":     {"email: ann@example.com,", "email: ann@example.com, webhook: 'http://hooks.example.org/a',", `firm.yaml:6:88: "http://hooks.example.org/a" is no address for messages; write one such as https://example.com/hook (http:// on this machine only, and no password)`},
		"unknown language":         {"language: zh-CN", "language: zh", `firm.yaml:7:88: the software doesn't speak "zh"; write "zh-CN"`},
		"name of no employee":      {"  ann: {name", "  clock: {name", `firm.yaml:6:3: "clock" names no employee in the record; choose another ID`},
		"absence without end":      {"until: 2026-02-14T09:00:00+08:00", "until: 2026-02-12T09:00:00+08:00", `firm.yaml:12:59: the absence ends before it begins; write a later time`},
		"time without a zone":      {"until: 2026-02-14T09:00:00+08:00", "until: 2026-02-14", `firm.yaml:12:59: "2026-02-14" is no time; write one such as 2026-02-13T09:00:00+08:00`},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, 1, strings.Count(right, c.this), "%q stands once", c.this)
			_, err := directory.Parse("firm.yaml", []byte(strings.Replace(right, c.this, c.that, 1)))
			var problems yamlfile.Problems
			require.ErrorAs(t, err, &problems, "the error is %v", err)
			require.Equal(t, c.want, problems[0].Error())
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(right)) // a longer seed is minimised for a minute, each time that it finds something new
	f.Add([]byte("organisation: a\ndepartments: {a: {name: {en: A, zh-CN: 甲}, led_by: [b]}}\npeople: {}\nduties: {}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := directory.Parse("fuzz.yaml", data)
		if err != nil {
			var problems yamlfile.Problems
			require.ErrorAs(t, err, &problems, "the error is a %T", err)
			return
		}
		for role := range d.Duties {
			holder, found := d.Holder(role, monday)
			require.True(t, !found || d.People[holder].ID == holder)
		}
	})
}

func TestWhoLeavesOrIsRelievedOfADutyDeparts(t *testing.T) {
	before, after := firm(), firm()
	delete(after.People, "cai")
	after.Duties["clerk"] = directory.Duty{Role: "clerk", Primary: "ben", Secondary: "dan"}
	after.Duties["counter.handler"] = directory.Duty{Role: "counter.handler", Primary: "ann", Secondary: "ben"}
	require.Equal(t, []complaint.Absent{{Person: "ann", Duties: []complaint.Role{"clerk"}}, {Person: "cai", Left: true}}, after.Departures(before),
		"who holds a duty as the second instead of the first still holds it")
	require.Empty(t, firm().Departures(before))
}
