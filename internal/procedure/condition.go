package procedure

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"cel.dev/cel-go/cel"
	celast "cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"

	"recourse/internal/complaint"
	"recourse/internal/yamlfile"
)

// environment is CEL with the facts of a complaint.
var environment = sync.OnceValue(func() *cel.Env {
	options := []cel.EnvOption{cel.CrossTypeNumericComparisons(true)}
	for _, f := range facts {
		options = append(options, cel.Variable(f.name, f.kind))
	}
	env, err := cel.NewEnv(options...)
	if err != nil {
		panic(fmt.Errorf("conditions can't be set up: %w", err)) // the facts are constants
	}
	return env
})

// maxCost bounds what one condition may compute; comparing facts takes a few units.
const maxCost = 10_000

// Condition is a CEL expression over the facts of a complaint. The zero value always holds.
type Condition struct {
	Source  string
	program cel.Program
	uses    []use // in the order of the text
}

// use is where a condition asks for a fact: so many columns into it.
type use struct {
	fact   string
	column int
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

// Holds reports whether the condition fits a complaint as it stands. One that can't be computed for
// it doesn't.
func (c Condition) Holds(of *complaint.Complaint) bool {
	if c.IsZero() {
		return true
	}
	if c.program == nil {
		return false
	}
	result, _, err := c.program.Eval(factsOf{of})
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
		if e.Kind() == celast.IdentKind && !strings.HasPrefix(e.AsIdent(), "@") && !bound(tree.Expr(), e.AsIdent()) {
			if _, known := factByName[e.AsIdent()]; known {
				c.uses = append(c.uses, use{e.AsIdent(), column(tree, e)})
			} else {
				ok = false
				doc.AddAfter(path, column(tree, e), "unknown fact %q; %s", e.AsIdent(), instead(e.AsIdent(), slices.Sorted(maps.Keys(factByName))))
			}
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
			if factByName[fact.AsIdent()].kind == cel.DoubleType && other.Kind() == celast.LiteralKind {
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
				if word, isText := literal.AsLiteral().(types.String); isText && !slices.Contains(words, string(word)) {
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
