package procedure

import (
	"fmt"
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
	of func(*complaint.Complaint) any
}

// vocabulary is what a fact can be compared with. Its zero value is any text or number.
type vocabulary struct {
	always []string                  // these words
	key    string                    // or those that the procedure writes under this key,
	under  func(*Procedure) []string // which are these
}

// facts are all that conditions know. A new one is a line here; the table of procedures/README.md
// is written from it by "go test ./internal/procedure -run TestTheFacts -update".
var facts = []fact{
	{"kind", cel.StringType, says("what was brought in: as screened, before that as registered, empty where nobody said", "来件类型：甄别前以登记为准，未注明则为空"), words(kinds()...),
		complaint.Screen, func(c *complaint.Complaint) any { return string(c.Kind()) }},
	{"valid", cel.BoolType, says("screened as valid", "甄别为有效"), vocabulary{},
		complaint.Screen, func(c *complaint.Complaint) any { return known(c.Screening).Valid }},
	{"severity", cel.StringType, says("how grave it is; `normal` until it is screened", "严重程度；甄别前为 `normal`"),
		words(complaint.Normal, complaint.Major, complaint.Emergency, complaint.Mass),
		complaint.Screen, func(c *complaint.Complaint) any { return string(c.Severity()) }},
	{"category", cel.StringType, says("the category's code, `operations.mistake`: as screened, before that as registered", "类别代码，如 `operations.mistake`：甄别前以登记为准"),
		vocabulary{key: "categories", under: func(p *Procedure) []string { return p.codes }},
		"", func(c *complaint.Complaint) any { return c.Category() }},
	{"department", cel.StringType, says("which department has it", "责任部门"), vocabulary{},
		"", func(c *complaint.Complaint) any { return c.People.Department }},
	{"channel", cel.StringType, says("how it came in", "来件渠道"),
		vocabulary{key: "channels", under: func(p *Procedure) []string { return eachOf(p.Channels, func(c Channel) string { return c.ID }) }},
		"", func(c *complaint.Complaint) any { return c.Registration.Channel }},
	{"customer_class", cel.StringType, says("how the organisation rates the customer", "客户等级"), words("A", "B", "C", "D"),
		"", func(c *complaint.Complaint) any { return c.Registration.CustomerClass }},
	{"anger", cel.IntType, says("1 calm to 5 furious; 0 when not rated", "情绪，1（平静）至 5（暴怒）；未评为 0"), vocabulary{},
		"", func(c *complaint.Complaint) any { return c.Registration.Anger }},
	{"founded", cel.BoolType, says("the complaint is right, by the findings", "经调查属实"), vocabulary{},
		complaint.Find, func(c *complaint.Complaint) any { return known(c.Findings).Founded }},
	{"cause_code", cel.StringType, says("the coded cause, by the findings", "原因代码，由调查认定"),
		vocabulary{key: "causes", under: func(p *Procedure) []string { return eachOf(p.Causes, func(c Cause) string { return c.ID }) }},
		complaint.Find, func(c *complaint.Complaint) any { return known(c.Findings).Cause }},
	{"liability", cel.StringType, says("who answers for it, by the findings", "责任方，由调查认定"),
		words(complaint.LiableDepartment, complaint.LiableCustomer, complaint.LiableSupplier, complaint.LiableThirdParty, complaint.Undetermined),
		complaint.Find, func(c *complaint.Complaint) any { return string(known(c.Findings).Liability) }},
	{"special", cel.BoolType, says("marked as a special case", "已标记为特殊情况"), vocabulary{},
		"", func(c *complaint.Complaint) any { return c.Special }},
	{"tier", cel.IntType, says("the tier reached; 0 for none", "已升至第几级；未升级为 0"), vocabulary{},
		"", func(c *complaint.Complaint) any { return c.Tier() }},
	{"declined", cel.IntType, says("how many proposals the customer declined", "客户不同意的方案数"), vocabulary{},
		"", func(c *complaint.Complaint) any { return c.Declined }},
	{"dissatisfied", cel.IntType, says("how many callbacks found the customer dissatisfied", "回访不满意的次数"), vocabulary{},
		"", func(c *complaint.Complaint) any { return c.Unsatisfied }},
	{"amount", cel.DoubleType, says("the sum of the proposal's remedies, in the procedure's currency", "方案各项措施的合计金额，以流程的币种计"), vocabulary{},
		complaint.Propose, func(c *complaint.Complaint) any { return amount(known(c.Proposal).Sum()) }},
	{"remedies", cel.ListType(cel.StringType), says("the kinds of remedies proposed", "方案中措施的种类"), vocabulary{always: complaint.RemedyKinds()},
		complaint.Propose, func(c *complaint.Complaint) any {
			return eachOf(known(c.Proposal).Remedies, func(r complaint.Remedy) string { return r.Kind })
		}},
	{"open_matter", cel.StringType, says("the kind of the open matter for which it rests, or that is decided on", "暂缓办理或待批的未了事宜种类"), words(suspensions()...),
		"", func(c *complaint.Complaint) any { return string(openMatter(c)) }},
}

// factByName finds the facts by their names.
var factByName = func() map[string]fact {
	byName := map[string]fact{}
	for _, f := range facts {
		byName[f.name] = f
	}
	return byName
}()

// factsOf gives CEL a complaint's facts by their names, each when a condition asks for it.
type factsOf struct{ complaint *complaint.Complaint }

// ResolveName answers with a fact; false for a name that is none.
func (k factsOf) ResolveName(name string) (any, bool) {
	f, there := factByName[name]
	if !there {
		return nil, false
	}
	return f.of(k.complaint), true
}

// Parent is nil: nothing else is known.
func (k factsOf) Parent() cel.Activation { return nil }

// factWords are the words that the facts can be compared with in this procedure; a fact that isn't
// there takes any.
func (p *Procedure) factWords() map[string][]string {
	limited := map[string][]string{}
	for _, f := range facts {
		switch {
		case f.can.under != nil:
			limited[f.name] = f.can.under(p)
		case f.can.always != nil:
			limited[f.name] = f.can.always
		}
	}
	return limited
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
