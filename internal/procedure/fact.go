package procedure

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cel.dev/cel-go/cel"

	"recourse/internal/complaint"
)

// fact is one thing that conditions know of a complaint. What isn't known yet is empty: "", 0 or
// false.
type fact struct {
	name string // in conditions
	kind *cel.Type
	says Text // one line of procedures/README.md, whose table is this one
	can  vocabulary
	// brings is the step that brings it; empty where registration does, or nothing in particular.
	brings complaint.StepName
	// of takes it from a complaint: a string, bool, int, float64 or []string, as kind says.
	of func(factsOf) any
}

// vocabulary is what a fact can be compared with. Its zero value is any text or number.
type vocabulary struct {
	always []string                  // these words
	key    string                    // or those that the procedure writes under this key,
	under  func(*Procedure) []string // which are these
}

// facts are all that conditions know. A new one is a line here; the table of procedures/README.md
// is written from it by "go test ./internal/procedure -run TestTheFacts -update". What is chosen in
// the form's fields is known besides.
var facts = []fact{
	{"kind", cel.StringType, says("what was brought in: as screened, before that as registered, empty where nobody said", "来件类型：甄别前以登记为准，未注明则为空"), words(kinds()...),
		complaint.Screen, func(c factsOf) any { return string(c.Kind()) }},
	{"valid", cel.BoolType, says("screened as valid", "甄别为有效"), vocabulary{},
		complaint.Screen, func(c factsOf) any { return known(c.Screening).Valid }},
	{"severity", cel.StringType, says("how grave it is; `normal` until it is screened", "严重程度；甄别前为 `normal`"),
		words(complaint.Normal, complaint.Major, complaint.Emergency, complaint.Mass),
		complaint.Screen, func(c factsOf) any { return string(c.Severity()) }},
	{"category", cel.StringType, says("the category's code, `operations.mistake`: as screened, before that as registered", "类别代码，如 `operations.mistake`：甄别前以登记为准"),
		vocabulary{key: "categories", under: func(p *Procedure) []string { return p.codes }},
		"", func(c factsOf) any { return c.Category() }},
	{"department", cel.StringType, says("which department has it", "责任部门"), vocabulary{},
		"", func(c factsOf) any { return c.People.Department }},
	{"channel", cel.StringType, says("how it came in", "来件渠道"),
		vocabulary{key: "channels", under: func(p *Procedure) []string { return eachOf(p.Channels, func(c Channel) string { return c.ID }) }},
		"", func(c factsOf) any { return c.Registration.Channel }},
	{"customer_class", cel.StringType, says("how the organisation rates the customer", "客户等级"), words("A", "B", "C", "D"),
		"", func(c factsOf) any { return c.Registration.CustomerClass }},
	{"anger", cel.IntType, says("1 calm to 5 furious; 0 when not rated", "情绪，1（平静）至 5（暴怒）；未评为 0"), vocabulary{},
		"", func(c factsOf) any { return c.Registration.Anger }},
	{"founded", cel.BoolType, says("the complaint is right, by the findings", "经调查属实"), vocabulary{},
		complaint.Find, func(c factsOf) any { return known(c.Findings).Founded }},
	{"cause_code", cel.StringType, says("the coded cause, by the findings", "原因代码，由调查认定"),
		vocabulary{key: "causes", under: func(p *Procedure) []string { return eachOf(p.Causes, func(c Cause) string { return c.ID }) }},
		complaint.Find, func(c factsOf) any { return known(c.Findings).Cause }},
	{"liability", cel.StringType, says("who answers for it, by the findings", "责任方，由调查认定"),
		words(complaint.LiableDepartment, complaint.LiableCustomer, complaint.LiableSupplier, complaint.LiableThirdParty, complaint.Undetermined),
		complaint.Find, func(c factsOf) any { return string(known(c.Findings).Liability) }},
	{"special", cel.BoolType, says("marked as a special case", "已标记为特殊情况"), vocabulary{},
		"", func(c factsOf) any { return c.Special }},
	{"tier", cel.IntType, says("the tier reached; 0 for none", "已升至第几级；未升级为 0"), vocabulary{},
		"", func(c factsOf) any { return c.Tier() }},
	{"declined", cel.IntType, says("how many proposals the customer declined", "客户不同意的方案数"), vocabulary{},
		"", func(c factsOf) any { return c.Declined }},
	{"dissatisfied", cel.IntType, says("how many callbacks found the customer dissatisfied", "回访不满意的次数"), vocabulary{},
		"", func(c factsOf) any { return c.Unsatisfied }},
	{"amount", cel.DoubleType, says("the sum of the proposal's remedies, in the procedure's currency", "方案各项措施的合计金额，以流程的币种计"), vocabulary{},
		complaint.Propose, func(c factsOf) any { return amount(known(c.Proposal).Sum()) }},
	{"remedies", cel.ListType(cel.StringType), says("the kinds of remedies proposed; of one of `remedy_kinds` both that and what it is `as`", "方案中措施的种类；自定措施同时计入其名称与所属通用种类"),
		vocabulary{always: complaint.RemedyKinds(), under: (*Procedure).RemedyWords},
		complaint.Propose, func(c factsOf) any {
			kinds := []string{}
			for _, r := range known(c.Proposal).Remedies {
				if kinds = append(kinds, r.Kind); r.Own != "" {
					kinds = append(kinds, r.Own)
				}
			}
			return kinds
		}},
	{"open_matter", cel.StringType, says("the kind of the open matter for which it rests, or that is decided on", "暂缓办理或待批的未了事宜种类"), words(suspensions()...),
		"", func(c factsOf) any { return string(openMatter(c.Complaint)) }},
	{"contacted", cel.BoolType, says("the customer was reached, since the investigation began", "本轮调查中已联系上客户"), vocabulary{},
		complaint.Contact, func(c factsOf) any { return c.Contacted }},
	{"attempted", cel.BoolType, says("a contact was tried and reached nobody, since the investigation began", "本轮调查中曾联系客户而未联系上"), vocabulary{},
		complaint.Contact, func(c factsOf) any { return c.Attempted }},
	{"satisfaction", cel.StringType, says("how the last callback found the customer", "最近一次回访的满意度"),
		words(complaint.VerySatisfied, complaint.Satisfied, complaint.Neutral, complaint.Dissatisfied, complaint.Unreached),
		complaint.CallBack, func(c factsOf) any { return string(c.Satisfaction) }},
	{"outcome", cel.StringType, says("how it was closed, until it is opened again", "结案结果；重新办理后为空"), words(complaint.Outcomes()...),
		complaint.Close, func(c factsOf) any { return string(c.Outcome) }},
	{"late", cel.ListType(cel.StringType), says("the clocks that lapsed, in whatever round", "曾经逾期的时限（含历次计时）"),
		vocabulary{key: "deadlines", under: (*Procedure).ClockIDs},
		"", func(c factsOf) any { return c.Late() }},
	{"late_by", cel.ListType(cel.StringType), says("who had to act in them: the `by` of each of `deadlines`", "逾期时限的责任角色，即 `deadlines` 中的 `by`"),
		vocabulary{key: "deadlines.*.by", under: (*Procedure).timed},
		"", func(c factsOf) any { return c.rules.lateBy(c.Late()) }},
	{"repeats", cel.IntType, says("of how many earlier complaints it is linked as a repeat", "关联为再次发生的在先投诉数"), vocabulary{},
		complaint.Link, func(c factsOf) any { return c.Repeats() }},
	{"asked_more", cel.BoolType, says("the customer wants more than the newest reply gives, by `propose`, `explain`, `resolve-on-spot` or `close`", "客户的要求超出最近一次答复所给，由拟定方案、解释、当场解决或结案载明"), vocabulary{},
		"", func(c factsOf) any { return c.AskedMore }},
	{"decision", cel.StringType, says("the newest decision on what the customer demanded, by `propose`, `resolve-on-spot` or `close`", "对客户诉求的最近一次决定，由拟定方案、当场解决或结案载明"),
		vocabulary{key: "decisions", under: (*Procedure).DecisionIDs},
		"", func(c factsOf) any { return c.Decided }},
}

// chosen is what was chosen in a field of the form that has options: a fact for each of them.
var chosen = fact{"fields.*", cel.StringType, says("what was chosen last in the field of the form of that name, which has `options`: `fields.wish`",
	"表单中该字段（须有 `options`）最近一次所选，如 `fields.wish`"), vocabulary{key: "form.fields.*.options"}, "", nil}

// facts are all that the conditions of this procedure know, by their names.
func (p *Procedure) facts() map[string]fact {
	byName := map[string]fact{}
	for _, f := range facts {
		f.can.always = f.words(p)
		byName[f.name] = f
	}
	for _, field := range p.Form.Fields {
		if len(field.Options) > 0 && identifier.MatchString(field.ID) {
			one := chosen
			one.name = fieldsPrefix + field.ID
			one.can.always = eachOf(field.Options, func(o Option) string { return o.ID })
			one.of = func(c factsOf) any { return c.Choices[field.ID] }
			byName[one.name] = one
		}
	}
	return byName
}

// identifier is a name that can stand in a condition.
var identifier = regexp.MustCompile(`^[a-z_][a-z0-9_]*$`)

// fieldsPrefix begins the names of the facts that are fields of the form.
const fieldsPrefix = "fields."

// factsOf gives CEL a complaint's facts by their names, each when a condition asks for it.
type factsOf struct {
	*complaint.Complaint
	rules *Procedure
}

// ResolveName answers with a fact; false for a name that is none.
func (k factsOf) ResolveName(name string) (any, bool) {
	f, there := k.rules.known[name]
	if !there {
		return nil, false
	}
	return f.of(k), true
}

// Parent is nil: nothing else is known.
func (k factsOf) Parent() cel.Activation { return nil }

// Asked are the facts for which the procedure's conditions ask, as they stand: what depends on
// conditions alone is the same as long as these are.
func (p *Procedure) Asked(of *complaint.Complaint) []any {
	facts := make([]any, len(p.asked))
	for i, name := range p.asked {
		facts[i], _ = factsOf{of, p}.ResolveName(name)
	}
	return facts
}

// words are those that a fact can be compared with in this procedure; nil for any.
func (f fact) words(p *Procedure) []string {
	if f.can.under != nil {
		return f.can.under(p)
	}
	return f.can.always
}

// timed are the roles that have to act in time, each once.
func (p *Procedure) timed() []string {
	return p.lateBy(eachOf(p.Deadlines, func(d Deadline) string { return d.ID }))
}

// lateBy are the roles that have to act in some of the deadlines, each once.
func (p *Procedure) lateBy(clocks []string) []string {
	roles := []string{}
	for _, d := range p.Deadlines {
		if slices.Contains(clocks, d.ID) && !slices.Contains(roles, string(d.By)) {
			roles = append(roles, string(d.By))
		}
	}
	return roles
}

func says(english, chinese string) Text { return Text{English: english, Chinese: chinese} }

func words[T ~string](always ...T) vocabulary { return vocabulary{always: wordsOf(always)} }

// known is what a pointer points to; the zero value where nothing is known.
func known[T any](p *T) T {
	if p == nil {
		var nothing T
		return nothing
	}
	return *p
}

// openMatter is the kind of the newest open matter, in force or waiting for its decision; empty
// where there is none.
func openMatter(c *complaint.Complaint) complaint.SuspensionKind {
	if last := len(c.Matters) - 1; last >= 0 && !c.Matters[last].Over {
		return c.Matters[last].Kind
	}
	return ""
}

// amount is a sum of money as conditions compare it. An amount of up to twelve digits and two
// decimals orders the same as a float64 as it does in decimals; CheckAmount keeps it within.
func amount(sum string) float64 {
	number, err := strconv.ParseFloat(sum, 64)
	if err != nil {
		return 0
	}
	return number
}

// CheckAmount says what is wrong with an amount, or nil.
func CheckAmount(amount string) error {
	whole, cents, _ := strings.Cut(amount, ".")
	digits := strings.Trim(whole+cents, "0123456789") == ""
	if amount != "" && (!digits || whole == "" || len(whole) > 12 || len(cents) > 2 || strings.HasSuffix(amount, ".")) {
		return fmt.Errorf("amount %q is no sum of money; write up to twelve digits and two decimals, such as 1250.00", amount)
	}
	return nil
}
