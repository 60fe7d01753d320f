package procedure

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"cel.dev/cel-go/cel"
	celast "cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"

	"recourse/internal/complaint"
	"recourse/internal/yamlfile"
)

// Case is what conditions know of a complaint. What is not known yet stays
// empty.
type Case struct {
	Kind          complaint.Kind      // kind
	Valid         bool                // valid: screened as valid
	Severity      complaint.Severity  // severity
	Category      string              // category: the code
	Department    string              // department: which handles it
	Channel       string              // channel
	CustomerClass string              // customer_class: A–D
	Anger         int                 // anger: 1–5, 0 when not rated
	Founded       bool                // founded: by the findings
	Cause         string              // cause: coded, by the findings
	Liability     complaint.Liability // liability: by the findings
	Special       bool                // special: marked as a special case
	Tier          int                 // tier: reached so far, 0 for none
	Declined      int                 // declined: proposals that the customer declined
	Dissatisfied  int                 // dissatisfied: callbacks so far
	// Amount is the proposal's sum in the procedure's currency, a decimal string;
	// empty counts as nothing. In conditions: amount, compared with numbers.
	Amount   string
	Remedies []string // remedies: the kinds proposed
	// OpenMatter is the kind of the suspension that is decided on. In
	// conditions: open_matter.
	OpenMatter complaint.SuspensionKind
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

// variables are the case's facts by the names that conditions use.
func (c Case) variables() map[string]any {
	// An amount of up to twelve digits and two decimals orders the same as a
	// float64 as it does in decimals; CheckAmount keeps it within.
	amount, err := strconv.ParseFloat(c.Amount, 64)
	if err != nil {
		amount = 0
	}
	remedies := c.Remedies
	if remedies == nil {
		remedies = []string{}
	}
	return map[string]any{
		"kind": string(c.Kind), "valid": c.Valid, "severity": string(c.Severity), "category": c.Category,
		"department": c.Department, "channel": c.Channel, "customer_class": c.CustomerClass, "anger": c.Anger,
		"founded": c.Founded, "cause": c.Cause, "liability": string(c.Liability), "special": c.Special,
		"tier": c.Tier, "declined": c.Declined, "dissatisfied": c.Dissatisfied, "amount": amount,
		"remedies": remedies, "open_matter": string(c.OpenMatter),
	}
}

// variableTypes are the types of the facts that conditions use.
var variableTypes = map[string]*cel.Type{
	"kind": cel.StringType, "valid": cel.BoolType, "severity": cel.StringType, "category": cel.StringType,
	"department": cel.StringType, "channel": cel.StringType, "customer_class": cel.StringType, "anger": cel.IntType,
	"founded": cel.BoolType, "cause": cel.StringType, "liability": cel.StringType, "special": cel.BoolType,
	"tier": cel.IntType, "declined": cel.IntType, "dissatisfied": cel.IntType, "amount": cel.DoubleType,
	"remedies": cel.ListType(cel.StringType), "open_matter": cel.StringType,
}

// environment is CEL with the facts of a case.
var environment = sync.OnceValue(func() *cel.Env {
	options := []cel.EnvOption{cel.CrossTypeNumericComparisons(true)}
	for name, t := range variableTypes {
		options = append(options, cel.Variable(name, t))
	}
	env, err := cel.NewEnv(options...)
	if err != nil {
		panic(fmt.Errorf("conditions can't be set up: %w", err)) // the variables above are constants
	}
	return env
})

// maxCost bounds what one condition may compute; comparing facts takes a few units.
const maxCost = 10_000

// Condition is a CEL expression over the facts of a [Case]. The zero value
// always holds.
type Condition struct {
	Source  string
	program cel.Program
}

// UnmarshalText keeps the expression; Parse compiles it.
func (c *Condition) UnmarshalText(text []byte) error {
	if strings.TrimSpace(string(text)) == "" {
		return errors.New("the condition is empty; leave the key out where it always holds")
	}
	c.Source = string(text)
	return nil
}

// IsZero reports whether there is no condition: it always holds.
func (c Condition) IsZero() bool { return c.Source == "" }

// Holds reports whether the condition fits the case. One that can't be
// computed for it doesn't.
func (c Condition) Holds(facts Case) bool {
	if c.IsZero() {
		return true
	}
	if c.program == nil {
		return false
	}
	result, _, err := c.program.Eval(facts.variables())
	return err == nil && result == types.True
}

// compile makes the condition ready; vocabulary gives the words that a fact can
// be compared with. Problems point into the expression.
func (c *Condition) compile(doc *yamlfile.Document, path string, vocabulary map[string][]string) {
	env := environment()
	parsed, issues := env.Parse(c.Source)
	if report(doc, path, issues) {
		return
	}
	tree := parsed.NativeRep()
	factory := celast.NewExprFactory()
	ok := true
	celast.PostOrderVisit(tree.Expr(), celast.NewExprVisitor(func(e celast.Expr) {
		if e.Kind() == celast.IdentKind && !strings.HasPrefix(e.AsIdent(), "@") && variableTypes[e.AsIdent()] == nil && !bound(tree.Expr(), e.AsIdent()) {
			ok = false
			doc.AddAfter(path, column(tree, e), "unknown fact %q; %s", e.AsIdent(), instead(e.AsIdent(), keysOf(variableTypes)))
		}
		if e.Kind() != celast.CallKind || len(e.AsCall().Args()) != 2 {
			return
		}
		left, right := e.AsCall().Args()[0], e.AsCall().Args()[1]
		for _, pair := range [][2]celast.Expr{{left, right}, {right, left}} {
			fact, other := pair[0], pair[1]
			if fact.Kind() != celast.IdentKind {
				continue
			}
			if fact.AsIdent() == "amount" && other.Kind() == celast.LiteralKind {
				if number, isInt := other.AsLiteral().(types.Int); isInt { // "amount == 0" compares numbers, not types
					other.SetKindCase(factory.NewLiteral(other.ID(), types.Double(number)))
				}
			}
			words, limited := vocabulary[fact.AsIdent()]
			compared := e.AsCall().FunctionName() == operators.Equals || e.AsCall().FunctionName() == operators.NotEquals || e.AsCall().FunctionName() == operators.In
			if !limited || !compared {
				continue
			}
			for _, literal := range literals(other) {
				if word, isText := literal.AsLiteral().(types.String); isText && !contains(words, string(word)) {
					ok = false
					doc.AddAfter(path, column(tree, literal), "unknown %s %q; %s", fact.AsIdent(), string(word), instead(string(word), words))
				}
			}
		}
	}))
	if !ok {
		return
	}
	checked, issues := env.Check(parsed)
	if report(doc, path, issues) {
		return
	}
	if checked.OutputType() != cel.BoolType {
		doc.Addf(path, "the condition gives a %s, not yes or no; compare it, such as amount > 0", cel.FormatCELType(checked.OutputType()))
		return
	}
	program, err := env.Program(checked, cel.CostLimit(maxCost))
	if err != nil {
		doc.Addf(path, "the condition can't be used: %s", err)
		return
	}
	c.program = program
}

// mismatch is how CEL says that an operator doesn't take such values.
var mismatch = regexp.MustCompile(`^found no matching overload for '.*' applied to '\((.*)\)'$`)

// report turns CEL's issues into problems at their place.
func report(doc *yamlfile.Document, path string, issues *cel.Issues) bool {
	if issues.Err() == nil {
		return false
	}
	for _, issue := range issues.Errors() {
		message := strings.TrimPrefix(issue.Message, "Syntax error: ")
		if kinds := mismatch.FindStringSubmatch(message); kinds != nil {
			message = "a " + strings.ReplaceAll(kinds[1], ", ", " and a ") + " don't go together here; compare numbers with numbers and text with text"
		}
		doc.AddAfter(path, max(0, issue.Location.Column()), "this condition is not understood: %s", message)
	}
	return true
}

// literals are the constants in an expression: itself, or those of a list.
func literals(e celast.Expr) []celast.Expr {
	switch e.Kind() {
	case celast.LiteralKind:
		return []celast.Expr{e}
	case celast.ListKind:
		var all []celast.Expr
		for _, element := range e.AsList().Elements() {
			all = append(all, literals(element)...)
		}
		return all
	}
	return nil
}

// bound reports whether a name is a variable of a macro ("remedies.exists(r, …)").
func bound(root celast.Expr, name string) bool {
	found := false
	celast.PostOrderVisit(root, celast.NewExprVisitor(func(e celast.Expr) {
		if e.Kind() == celast.ComprehensionKind {
			c := e.AsComprehension()
			found = found || c.IterVar() == name || c.IterVar2() == name || c.AccuVar() == name
		}
	}))
	return found
}

// column is where an expression begins, from 0.
func column(tree *celast.AST, e celast.Expr) int {
	return max(0, tree.SourceInfo().GetStartLocation(e.ID()).Column())
}
