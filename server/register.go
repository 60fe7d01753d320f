package main

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"recourse/internal/api"
	"recourse/internal/bilingual"
	"recourse/internal/complaint"
	"recourse/internal/directory"
	"recourse/internal/link"
	"recourse/internal/phrase"
	"recourse/internal/procedure"
	"recourse/internal/rulebook"
	"recourse/internal/store"
)

const (
	clockSkew = time.Minute // by which a sender's clock may run ahead of ours
	// heardWithinYears is how long ago a complaint may have been heard: clocks run from then, so that a mistake in the year
	// would escalate it to the top at once.
	heardWithinYears = 1
	webChannel       = "web"
)

// RegisterComplaint takes in what an employee heard.
func (s *server) RegisterComplaint(ctx context.Context, request api.RegisterComplaintRequestObject) (api.RegisterComplaintResponseObject, error) {
	who, edition := callerOf(ctx), s.rulebook.Now()
	rules, err := registrable(edition, request.Body.Procedure)
	if err != nil {
		return nil, err
	}
	if who.organisation != rules.ID {
		return nil, errForbidden
	}
	registration, err := s.registration(edition, rules, request.Body, who.actor)
	if err != nil {
		return nil, err
	}
	registration.Key = request.Params.IdempotencyKey
	stored, err := s.register(ctx, registration)
	if err != nil {
		return nil, err
	}
	if stored.Result == nil {
		return api.RegisterComplaint202JSONResponse{Number: stored.Number, Status: api.PendingStatusPending,
			Detail: phrase.Label(phrase.ProblemDetail, "pending", languageOf(ctx))}, nil
	}
	answer := api.RegisterComplaint201JSONResponse(s.stepResult(ctx, *stored.Result))
	if stored.Repeated {
		return replayed{answer}, nil
	}
	return answer, nil
}

// replayed is the answer to a registration that was there already: who sends a file again sees how much of it was.
type replayed struct {
	api.RegisterComplaint201JSONResponse
}

// VisitRegisterComplaintResponse writes the answer, with a header that says what it is.
func (r replayed) VisitRegisterComplaintResponse(w http.ResponseWriter) error {
	w.Header().Set(api.ReplayedHeader, "true")
	return r.RegisterComplaint201JSONResponse.VisitRegisterComplaintResponse(w)
}

// RegisterPublicly takes in what the customer says on the web.
func (s *server) RegisterPublicly(ctx context.Context, request api.RegisterPubliclyRequestObject) (api.RegisterPubliclyResponseObject, error) {
	edition := s.rulebook.Now()
	rules, err := registrable(edition, request.Body.Procedure)
	if err != nil {
		return nil, err
	}
	if !rules.HasChannel(webChannel) {
		return nil, violation("/procedure", "no_such_channel", webChannel)
	}
	b := request.Body
	if b.Customer.Phone == "" && b.Customer.Email == "" {
		return nil, violation("/customer", "unreachable", "")
	}
	full := api.Register{Procedure: b.Procedure, Channel: webChannel, Narrative: b.Narrative, RemedyAsked: b.RemedyAsked, Category: b.Category,
		Customer: api.Customer{Name: b.Customer.Name, Phone: b.Customer.Phone, Email: b.Customer.Email, Address: b.Customer.Address,
			Language: b.Customer.Language},
		HappenedAt: b.HappenedAt, Place: b.Place, Fields: b.Fields}
	registration, err := s.registration(edition, rules, &full, complaint.Actor{Person: complaint.Customer, Roles: []complaint.Role{complaint.CustomerRole}})
	if err != nil {
		return nil, err
	}
	if key := request.Params.IdempotencyKey; key != "" {
		registration.Key = "web/" + key
	}
	if err := s.enoughFor(ctx, b.Customer.Email, registration.Key); err != nil {
		return nil, err
	}
	stored, err := s.register(ctx, registration)
	if err != nil {
		return nil, err
	}
	number, result := stored.Number, stored.Result
	follow, err := s.linkFor(ctx, number, link.Follow, 0)
	if err != nil {
		return nil, err
	}
	if result == nil {
		return api.RegisterPublicly202JSONResponse{Number: number, Stage: string(complaint.Received), Status: api.PublicReceiptStatusPending, Follow: follow}, nil
	}
	return api.RegisterPublicly201JSONResponse{Number: number, Stage: string(result.Stage), Status: api.PublicReceiptStatusRegistered, Follow: follow}, nil
}

// webComplaintsPerDay bounds how many complaints one e-mail address may have on the web in 24 hours: each of them sends mail
// to it, and anybody may have typed it.
const webComplaintsPerDay = 10

// enoughFor refuses what an e-mail address has too many complaints for, unless it is only asked again.
func (s *server) enoughFor(ctx context.Context, email, key string) error {
	if email == "" {
		return nil
	}
	there, err := s.store.WebComplaints(ctx, email, s.now().Add(-24*time.Hour), webComplaintsPerDay)
	if err != nil || there < webComplaintsPerDay {
		return err
	}
	if _, err := s.store.SubmissionOf(ctx, complaint.Customer, key); key != "" && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return errTooMany
}

// linkFor is the path of a customer's link; empty after one like it was revoked.
func (s *server) linkFor(ctx context.Context, number string, purpose link.Purpose, subject int) (string, error) {
	issued, err := s.store.LinkFor(ctx, number, string(purpose), subject, s.now(), 0, purpose.Life())
	if errors.Is(err, store.ErrLinkRevoked) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return s.links.Path(issued.ID, link.Link{Number: number, Purpose: purpose, Subject: subject, ExpiresAt: issued.ExpiresAt})
}

func registrable(edition *rulebook.Edition, id string) (*procedure.Procedure, error) {
	rules, known := edition.Procedure(id)
	if !known {
		return nil, violation("/procedure", "no_such_procedure", id)
	}
	return rules, nil
}

// registration checks a registration against its procedure and the directory, and makes the submission of it.
func (s *server) registration(edition *rulebook.Edition, rules *procedure.Procedure, b *api.Register, by complaint.Actor) (store.Registration, error) {
	people, known := edition.Directory(rules.ID)
	if !known {
		people = &directory.Directory{}
	}
	if !rules.HasChannel(b.Channel) {
		return store.Registration{}, violation("/channel", "no_such_channel", b.Channel)
	}
	if _, known := rules.Category(b.Category); b.Category != "" && !known {
		return store.Registration{}, violation("/category", "no_such_category", b.Category)
	}
	for i, subject := range b.Subjects {
		if _, known := people.People[complaint.PersonID(subject)]; !known {
			return store.Registration{}, violation("/subjects/"+strconv.Itoa(i), "no_such_person", subject)
		}
	}
	if slices.Contains(b.Subjects, string(by.Person)) {
		return store.Registration{}, errSubject
	}
	if b.HeardAt.After(s.now().Add(clockSkew)) {
		return store.Registration{}, violation("/heard_at", "heard_later", "")
	}
	if !b.HeardAt.IsZero() && b.HeardAt.Before(s.now().AddDate(-heardWithinYears, 0, 0)) {
		return store.Registration{}, violation("/heard_at", "heard_long_ago", "")
	}
	if b.HappenedAt.After(s.now().Add(clockSkew)) {
		return store.Registration{}, violation("/happened_at", "happens_later", "")
	}
	if lacks := wanted(b.Screen); lacks != nil {
		lacks[0].Pointer = "/screen" + lacks[0].Pointer
		return store.Registration{}, &api.BodyError{Mistakes: lacks}
	}
	facts := complaint.Facts{
		Registration: &complaint.Registration{Procedure: rules.ID, Version: rules.Version, Channel: b.Channel, Category: b.Category,
			Subjects: personIDs(b.Subjects), HeardAt: instant(b.HeardAt), Anger: b.Anger, Language: customerLanguage(rules, b.Customer.Language),
			Reachable: reachable(b.Customer), CustomerClass: string(b.Customer.Class)},
		Screening: screening(b.Screen), Assignment: assignment(b.Assign), OnSpot: onSpot(b.ResolveOnSpot), Threat: threat(b.Threat),
		Fields: fieldNames(b.Fields),
	}
	if b.RemedyAsked != "" {
		facts.Fields = append(facts.Fields, "remedy_asked")
	}
	if err := checkFacts(rules, people, facts, b.Fields); err != nil {
		return store.Registration{}, err
	}
	if err := mayCarry(rules, by, facts); err != nil {
		return store.Registration{}, err
	}
	body, err := json.Marshal(b)
	if err != nil {
		return store.Registration{}, err
	}
	zone := time.UTC
	if calendar, ok := edition.Calendars()[rules.Calendar]; ok {
		zone = calendar.Zone()
	}
	return store.Registration{
		Submission:    store.Submission{Step: complaint.Register, By: by, Body: body, Facts: facts},
		NumberPattern: rules.NumberPattern.Pattern, Year: s.now().In(zone).Year(),
		Customer: store.Customer{Name: b.Customer.Name, Phone: b.Customer.Phone, Email: b.Customer.Email, Address: b.Customer.Address,
			Language: facts.Registration.Language},
		Search: searchable(b.Fields), RelayAfter: s.lives.patience,
	}, nil
}

// register stores a registration and starts its workflow. The result is nil while Temporal is away: the relay goes on
// from what is stored.
func (s *server) register(ctx context.Context, registration store.Registration) (store.Stored, error) {
	stored, err := s.store.Register(ctx, registration)
	if err != nil || stored.Result != nil {
		return stored, err
	}
	result, err := s.lives.register(ctx, stored.Number, stored.AsStep())
	switch {
	case err == nil:
		stored.Result = &result
		return stored, nil
	case errors.Is(err, errTemporalAway):
		return stored, nil
	case errors.Is(err, errNoLife): // it lived and has ended: the database has the first answer
		answered, err := s.store.Submission(ctx, stored.ID)
		stored.Result = answered.Result
		return stored, err
	}
	return store.Stored{}, s.refused(ctx, stored, err)
}

// refused notes a refusal, so that its key is judged anew, and returns it.
func (s *server) refused(ctx context.Context, stored store.Stored, err error) error {
	var refusal *complaint.Refusal
	if errors.As(err, &refusal) {
		if noted := s.store.Refuse(ctx, stored.ID, *refusal); noted != nil {
			s.log.WarnContext(ctx, "refusal not noted", "submission", stored.ID, "error", noted)
		}
	}
	return err
}

// mayCarry: what a registration carries of other steps needs the right to them, unless it is the rule's own choice.
func mayCarry(rules *procedure.Procedure, by complaint.Actor, facts complaint.Facts) error {
	screens := by.Has(complaint.Agent, complaint.Owner, rules.Owner.Role)
	if facts.OnSpot != nil && !by.Has(complaint.Agent) {
		return errForbidden
	}
	if facts.Screening != nil && !screens {
		return errForbidden
	}
	if facts.Assignment == nil {
		return nil
	}
	known := procedure.Case{Kind: complaint.KindComplaint, Valid: true, Severity: complaint.Normal, Category: facts.Registration.Category,
		Channel: facts.Registration.Channel, Anger: facts.Registration.Anger, CustomerClass: facts.Registration.CustomerClass}
	if screened := facts.Screening; screened != nil {
		known.Kind, known.Valid, known.Severity, known.Category = screened.Kind, screened.Valid, screened.Severity, screened.Category
	}
	names := rules.Owner.NamedBy
	if rules.Owner.IsByRule() {
		names = rules.Owner.Role // whose the complaint is, until somebody is named
	}
	byRule := facts.Assignment.Handler == "" && facts.Assignment.Owner == "" && facts.Assignment.Department == rules.Route(known).Department
	if !byRule && !by.Has(complaint.ServiceManager, names) {
		return errForbidden
	}
	for _, named := range []complaint.PersonID{facts.Assignment.Handler, facts.Assignment.Owner} {
		if named != "" && slices.Contains(facts.Registration.Subjects, named) {
			return errSubject
		}
	}
	return nil
}

// checkFacts checks what only the procedure and the directory know: fields, categories, departments, people, money.
func checkFacts(rules *procedure.Procedure, people *directory.Directory, facts complaint.Facts, fields map[string]any) error {
	if err := rules.ValidateFields(fields); err != nil {
		return api.Mistaken("/fields", err)
	}
	screened, assigned, settled := "", "", "" // where a registration carries them
	if facts.Registration != nil {
		screened, assigned, settled = "/screen", "/assign", "/resolve_on_spot"
	}
	if facts.OnSpot != nil && !facts.OnSpot.CustomerAccepts {
		return violation(settled+"/customer_accepts", "not_accepted_by_customer", "")
	}
	if w := facts.Work; w != nil && !w.Done && !w.Impossible && w.Part == 0 {
		return violation("/done", "not_done", "")
	}
	if facts.Screening != nil {
		if _, known := rules.Category(facts.Screening.Category); !known {
			return violation(screened+"/category", "no_such_category", facts.Screening.Category)
		}
	}
	departments, named := map[string]string{}, map[string]complaint.PersonID{} // by their places in the body
	if a := facts.Assignment; a != nil {
		departments[assigned+"/department"], named[assigned+"/handler"], named[assigned+"/owner"] = a.Department, a.Handler, a.Owner
	}
	if facts.Support != nil {
		departments["/department"] = facts.Support.Department
	}
	if facts.Order != nil {
		named["/to"] = facts.Order.To
	}
	if f := facts.Findings; f != nil {
		for i, person := range f.People {
			named["/people/"+strconv.Itoa(i)] = person
		}
		if f.Cause != "" && !slices.ContainsFunc(rules.Causes, func(c procedure.Cause) bool { return c.ID == f.Cause }) {
			return violation("/cause_code", "no_such_cause", f.Cause)
		}
		if len(f.People) > 0 && f.Liability != complaint.LiableDepartment {
			return violation("/people", "people_without_department", "")
		}
	}
	if facts.Beside != nil {
		for i, person := range facts.Beside.People {
			named["/people/"+strconv.Itoa(i)] = person
		}
	}
	if facts.Threat != nil {
		for i, person := range facts.Threat.AtRisk {
			named["/threat/at_risk/"+strconv.Itoa(i)] = person
		}
	}
	for _, place := range slices.Sorted(maps.Keys(departments)) {
		department := departments[place]
		if _, known := people.Departments[department]; department != "" && !known {
			return violation(place, "no_such_department", department)
		}
	}
	for _, place := range slices.Sorted(maps.Keys(named)) {
		person := named[place]
		if _, known := people.People[person]; person != "" && !known {
			return violation(place, "no_such_person", string(person))
		}
	}
	if among := rules.Owner.Among; among != "" && facts.Assignment != nil {
		if owner := facts.Assignment.Owner; owner != "" && people.DepartmentOf(owner) != among {
			return violation(assigned+"/owner", "owner_elsewhere", among)
		}
	}
	if b := facts.Beside; b != nil {
		return checkMoney(rules, "", b.Amount, b.Currency)
	}
	if facts.Proposal != nil {
		for i, remedy := range facts.Proposal.Remedies {
			if err := checkMoney(rules, "/remedies/"+strconv.Itoa(i), remedy.Amount, remedy.Currency); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkMoney: an amount has a currency, the procedure's, and is one that its rules can compare.
func checkMoney(rules *procedure.Procedure, at, amount, currency string) error {
	if (amount == "") != (currency == "") {
		return violation(at+"/currency", "needs_currency", "")
	}
	if currency != "" && currency != rules.Currency {
		return violation(at+"/currency", "other_currency", rules.Currency)
	}
	if amount != "" && procedure.CheckAmount(amount) != nil {
		return violation(at+"/amount", "bad_amount", "")
	}
	return nil
}

func customerLanguage(rules *procedure.Procedure, said api.Language) string {
	switch {
	case said != "":
		return string(said)
	case len(rules.Languages) > 0:
		return rules.Languages[0]
	}
	return bilingual.Chinese
}

func reachable(c api.Customer) []string {
	var ways []string
	if c.Email != "" {
		ways = append(ways, "email")
	}
	if c.Phone != "" {
		ways = append(ways, "phone")
	}
	return ways
}

// searchable are the values of the form's fields by which people look for a complaint.
func searchable(fields map[string]any) []string {
	var words []string
	for _, name := range fieldNames(fields) {
		if text, ok := fields[name].(string); ok {
			words = append(words, strings.TrimSpace(text))
		}
	}
	return words
}
