package main

import (
	"hash/fnv"
	"math/rand/v2"
	"strings"
	"time"

	"recourse/internal/api"
	"recourse/internal/complaint"
	"recourse/internal/importing"
)

// seed is what everything that isn't in the data comes from: the same rows make the same demo.
const seed = 2026

// fate is what becomes of a complaint.
type fate string

const (
	settledAtOnce fate = "settled on the spot"
	answered      fate = "answered as an enquiry or suggestion"
	referred      fate = "referred to an outside body"
	unfounded     fate = "explained as unfounded"
	contested     fate = "explained, contested, and upheld"
	withdrawn     fate = "withdrawn by the customer"
	whole         fate = "followed to the end"
	waiting       fate = "done, waiting for the callback"
	underway      fate = "under way"
	declinedTwice fate = "declined twice"
	suspended     fate = "suspended"
	untouched     fate = "never touched"
	returned      fate = "returned as wrongly routed"
	emergency     fate = "an emergency"
	whistle       fate = "a whistleblowing letter"
	merged        fate = "merged with an older one"
)

// script is one row's part in the demo.
type script struct {
	row  importing.Registration
	days int // from opened to closed in the data; -1: never closed
	fate fate
	// late complaints were heard days ago and are screened only when their deadline has lapsed.
	late bool
	// stop is the step before which a complaint that is under way rests.
	stop complaint.StepName
	// byLink lets the customer answer the proposal by the link in their mail.
	byLink bool
	// onWeb lets the customer register on the web.
	onWeb  bool
	rating api.Satisfaction
	// screensAtOnce: the agent registers and screens in one act. byColleague: somebody else
	// registers.
	screensAtOnce, byColleague bool
	heardBefore                time.Duration // before the demo began
	severity                   api.Severity
	founded                    bool
	liability                  api.Liability
	namesPeople                bool // the findings name who is at fault
	cause                      string
	amount                     int // of compensation, 0 for none
	customer                   customer
	random                     *rand.Rand
}

func (s *script) procedure() string { return s.row.Body.Procedure }
func (s *script) isComplaint() bool { return s.row.Body.Screen == nil }
func (s *script) declines() int {
	if s.fate == declinedTwice {
		return 2
	}
	return 0
}

var causes = map[string][]string{
	courier:    {"attitude", "mistake", "system-fault", "coordination", "outside"},
	realEstate: {"construction", "design", "supplier", "service", "misinformation"},
}

var stops = []complaint.StepName{complaint.Accept, complaint.Contact, complaint.Find, complaint.Propose, complaint.Approve,
	complaint.Inform, complaint.Answer, complaint.Implement, complaint.Verify}

// write draws a row's part from the seed and its own key, whatever rows stand beside it.
func write(row importing.Registration, values map[string]string) *script {
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(row.ID))
	random := rand.New(rand.NewPCG(seed, hash.Sum64())) //nolint:gosec // nothing secret comes of it
	s := &script{row: row, days: daysBetween(values["opendate"], values["closedate"]), random: random, severity: api.Normal, founded: true}
	s.fate = s.draw()
	s.customer = drawCustomer(s, values)
	s.stop = stops[random.IntN(len(stops))]
	s.byLink = s.fate == whole && s.chance(25)
	s.rating = pick(random, api.VerySatisfied, api.Satisfied, api.Satisfied, api.Neutral)
	switch {
	case s.late:
	case s.chance(20):
		s.byColleague = true
	case s.chance(70):
		s.screensAtOnce = true
	}
	s.heardBefore = time.Duration(random.IntN(25)) * time.Minute
	if s.late {
		s.heardBefore = 24*time.Hour + time.Duration(random.IntN(5*24*60))*time.Minute
	}
	if s.fate == untouched && !s.late {
		s.heardBefore = time.Duration(30+random.IntN(600)) * time.Minute
	}
	s.liability = pick(random, api.LiabilityDepartment, api.LiabilityDepartment, api.LiabilityThirdParty, api.LiabilityUndetermined)
	s.cause = pick(random, causes[s.procedure()]...)
	if s.cause == "supplier" {
		s.liability = api.LiabilitySupplier
	}
	s.namesPeople = s.liability == api.LiabilityDepartment && s.chance(30)
	s.amount = pick(random, 0, 0, 0, 50, 120, 300, 800, 1500, 2600)
	return s
}

// draw chooses a fate by how long the row really took.
func (s *script) draw() fate {
	s.late = s.days > 73 || (s.days < 0 && s.chance(60))
	switch {
	case s.days < 0:
		return untouched
	case !s.isComplaint():
		return answered
	case strings.HasPrefix(s.row.Body.Category, "not-ours") && s.chance(60):
		return referred
	case s.days == 0 && s.chance(15):
		return unfounded
	case s.days == 0 && s.chance(12):
		return withdrawn
	case s.days == 0:
		return settledAtOnce
	case s.days <= 7:
		return whole
	case s.days <= 73 && s.chance(45):
		return waiting
	case s.days <= 73:
		return underway
	case s.chance(20):
		return declinedTwice
	case s.chance(25):
		return suspended
	case s.chance(20):
		return whole
	case s.chance(35):
		return waiting
	case s.chance(25):
		return untouched
	}
	return underway
}

func (s *script) chance(percent int) bool { return s.random.IntN(100) < percent }

// cast gives the parts of which there is one each to the first rows that fit, and returns which
// script is begun first: it carries the time at which the demo began, and the next one about the
// same matter is merged with it. It is nil when no row is a courier's complaint.
func cast(scripts []*script) *script {
	first, repeated := sameMatter(scripts)
	if first == nil {
		return nil
	}
	first.become(whole)
	first.heardBefore, first.byColleague, first.screensAtOnce = 0, false, true
	if repeated != nil {
		repeated.become(merged)
	}
	parts := []struct {
		fate fate
		fits func(*script) bool
	}{
		{emergency, func(s *script) bool { return s.row.Body.Category == "property.facilities" }},
		{whistle, func(s *script) bool { return s.row.Body.Category == "violation" }},
		{contested, func(s *script) bool { return s.days > 7 }},
		{returned, func(s *script) bool { return s.procedure() == courier && s.days > 7 && s.row.Body.Category != "" }},
	}
	for _, part := range parts {
		for _, s := range scripts {
			if s.plain() && s.isComplaint() && part.fits(s) {
				s.become(part.fate)
				break
			}
		}
	}
	onWeb, dissatisfied, major := 0, 0, 0
	for _, s := range scripts {
		switch {
		case s.late || s == first:
		case onWeb < 8 && s.plain() && s.isComplaint() && !s.screensAtOnce && !s.byColleague:
			s.onWeb = true
			onWeb++
		case dissatisfied < 2 && s.fate == whole:
			s.rating = api.Dissatisfied
			dissatisfied++
		case major < 3 && s.fate == underway:
			s.severity = api.Major
			major++
		}
	}
	return first
}

// sameMatter are the first two courier complaints that say the same; without such a pair the first
// complaint alone.
func sameMatter(scripts []*script) (first, repeated *script) {
	fits := func(s *script) bool {
		return s.procedure() == courier && s.isComplaint() && strings.HasPrefix(s.row.Body.Category, "operations")
	}
	for i, s := range scripts {
		if !fits(s) {
			continue
		}
		if first == nil {
			first = s
		}
		for _, later := range scripts[i+1:] {
			if fits(later) && later.row.Body.Narrative == s.row.Body.Narrative {
				return s, later
			}
		}
	}
	return first, nil
}

// plain scripts can be given another part.
func (s *script) plain() bool { return s.fate == whole || s.fate == waiting || s.fate == underway }

func (s *script) become(f fate) {
	s.fate, s.late, s.byLink, s.onWeb = f, false, false, false
	s.heardBefore = min(s.heardBefore, 20*time.Minute)
	switch f {
	case emergency:
		s.severity = api.Emergency
	case whistle:
		s.screensAtOnce, s.byColleague = true, false
	}
}

// registration is what is sent for a script of a demo that began at a time.
func (s *script) registration(began time.Time) api.Register {
	b := s.row.Body
	b.Customer, b.Narrative, b.RemedyAsked = s.customer.api(), s.customer.narrative, s.customer.remedy
	b.Channel, b.Anger = s.customer.channel, s.customer.anger
	b.HeardAt = began.Add(-s.heardBefore).UTC()
	b.HappenedAt = time.Time{}
	b.Fields = s.fields()
	screen := b.Screen
	b.Screen = nil
	if s.screensAtOnce {
		b.Screen = s.screening()
		if screen != nil {
			b.Screen.Kind = screen.Kind
		}
	}
	if s.fate == settledAtOnce && !s.byColleague {
		b.Screen, b.ResolveOnSpot = nil, s.settling()
	}
	return b
}

func (s *script) fields() api.Fields {
	if s.procedure() == courier {
		return api.Fields{"waybill": s.mark()}
	}
	concerns := "property"
	if strings.HasPrefix(s.row.Body.Category, "developer") {
		concerns = "developer"
	}
	return api.Fields{"concerns": concerns, "project": s.customer.project, "unit": s.customer.unit, "handed_over_on": s.customer.handedOver}
}

// markOf begins the waybill numbers of the demo's complaints, by which they are found.
const markOf = "DEMO"

func (s *script) mark() string {
	return markOf + s.row.ID[max(0, len(s.row.ID)-8):]
}

// screening is the first judgement, as the script has it.
func (s *script) screening() *api.Screen {
	screen := &api.Screen{Kind: api.KindComplaint, Valid: true, Category: s.category(), Severity: s.severity}
	if !s.isComplaint() {
		screen.Kind = s.row.Body.Screen.Kind
	}
	switch s.fate {
	case whistle:
		screen.Kind = api.KindWhistleblowing
	case unfounded, contested:
		screen.Valid, screen.Reason = false, s.customer.say("invalid")
	}
	return screen
}

func (s *script) settling() *api.ResolveOnSpot {
	return &api.ResolveOnSpot{Done: s.customer.say("settled"), CustomerAccepts: true}
}

// category is what the screening decides; whoever screens finds one for rows that came without.
func (s *script) category() string {
	if s.row.Body.Category == "" {
		return "service"
	}
	return s.row.Body.Category
}

func daysBetween(opened, closed string) int {
	from, err := time.Parse(time.DateOnly, opened)
	if err != nil {
		return -1
	}
	to, err := time.Parse(time.DateOnly, closed)
	if err != nil {
		return -1
	}
	return int(to.Sub(from).Hours() / 24)
}

func pick[T any](random *rand.Rand, from ...T) T { return from[random.IntN(len(from))] }
