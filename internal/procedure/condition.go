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

// environment is CEL with the facts of a complaint, but for the form's fields.
var environment = sync.OnceValue(func() *cel.Env {
	env, err := cel.NewEnv(cel.CrossTypeNumericComparisons(true))
	if err != nil {
		panic(fmt.Errorf("conditions can't be set up: %w", err)) // nothing is given that could be wrong
	}
	return withFacts(env, facts)
})

func withFacts(env *cel.Env, facts []fact) *cel.Env {
	options := make([]cel.EnvOption, len(facts))
	for i, f := range facts {
		options[i] = cel.Variable(f.name, f.kind)
	}
	env, err := env.Extend(options...)
	if err != nil {
		panic(fmt.Errorf("the facts of conditions can't be set up: %w", err)) // their names are checked before
	}
	return env
}

// maxCost bounds what one condition may compute; comparing facts takes a few units.
const maxCost = 10_000

// Condition is a CEL expression over the facts of a complaint. The zero value always holds.
type Condition struct {
	Source  string
	rules   *Procedure // whose condition it is
	program cel.Program
	uses    []use // of facts
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
	result, _, err := c.program.Eval(factsOf{of, c.rules})
	return err == nil && result == types.True
}

// compileConditions makes the procedure's conditions ready.
func (p *Procedure) compileConditions() {
	p.known = p.facts()
	env, asked := p.environment(), map[string]bool{}
	yamlfile.Each(p.doc, func(path string, c *Condition) {
		c.compile(p, env, path)
		for _, use := range c.uses {
			asked[use.fact] = true
		}
	})
	p.asked = slices.Sorted(maps.Keys(asked))
}

// environment is CEL with the facts of the procedure's complaints.
func (p *Procedure) environment() *cel.Env {
	var fields []fact
	for _, name := range slices.Sorted(maps.Keys(p.known)) {
		if strings.HasPrefix(name, fieldsPrefix) {
			fields = append(fields, p.known[name])
		}
	}
	if len(fields) == 0 {
		return environment()
	}
	return withFacts(environment(), fields)
}

// compile makes the condition of a procedure ready. Problems point into the expression.
func (c *Condition) compile(p *Procedure, env *cel.Env, path string) {
	c.rules = p
	doc := p.doc
	parsed, issues := env.Parse(c.Source)
	if report(doc, path, issues) {
		return
	}
	tree := parsed.NativeRep()
	factory := celast.NewExprFactory()
	ok := true
	wrong := func(at celast.Expr, format string, args ...any) {
		ok = false
		doc.AddAfter(path, column(tree, at), format, args...)
	}
	named := map[int64]bool{} // the "fields" of "fields.wish"
	celast.PreOrderVisit(tree.Expr(), celast.NewExprVisitor(func(e celast.Expr) {
		if name, is := fieldName(e); is {
			begins := e.AsSelect().Operand()
			named[begins.ID()] = true
			if _, known := p.known[name]; known {
				c.uses = append(c.uses, use{name, column(tree, begins)})
			} else {
				wrong(begins, "%s", p.noSuchChoice(e.AsSelect().FieldName()))
			}
		}
		if e.Kind() == celast.IdentKind && !named[e.ID()] && !strings.HasPrefix(e.AsIdent(), "@") && !bound(tree.Expr(), e.AsIdent()) {
			if _, known := p.known[e.AsIdent()]; known {
				c.uses = append(c.uses, use{e.AsIdent(), column(tree, e)})
			} else if e.AsIdent()+"." == fieldsPrefix {
				wrong(e, "a field of the form is asked for by its name; write one such as fields.wish == \"return\"")
			} else {
				wrong(e, "unknown fact %q; %s", e.AsIdent(), instead(e.AsIdent(), slices.Sorted(maps.Keys(p.known))))
			}
		}
		if e.Kind() != celast.CallKind || len(e.AsCall().Args()) != 2 {
			return
		}
		left, right := e.AsCall().Args()[0], e.AsCall().Args()[1]
		for _, pair := range [][2]celast.Expr{{left, right}, {right, left}} {
			fact, known := p.known[factName(pair[0])]
			if !known {
				continue
			}
			other := pair[1]
			if fact.kind == cel.DoubleType && other.Kind() == celast.LiteralKind {
				if number, isInt := other.AsLiteral().(types.Int); isInt { // "amount == 0" compares numbers, not types
					other.SetKindCase(factory.NewLiteral(other.ID(), types.Double(number)))
				}
			}
			words := fact.can.always
			compared := e.AsCall().FunctionName() == operators.Equals || e.AsCall().FunctionName() == operators.NotEquals || e.AsCall().FunctionName() == operators.In
			if words == nil || !compared {
				continue
			}
			for _, literal := range literals(other) {
				if word, isText := literal.AsLiteral().(types.String); isText && !slices.Contains(words, string(word)) {
					wrong(literal, "unknown %s %q; %s", fact.name, string(word), instead(string(word), words))
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

// factName is the name of the fact that an expression is; empty for another expression.
func factName(e celast.Expr) string {
	if e.Kind() == celast.IdentKind {
		return e.AsIdent()
	}
	name, _ := fieldName(e)
	return name
}

// fieldName is the name of the fact that is a field of the form ("fields.wish").
func fieldName(e celast.Expr) (string, bool) {
	if e.Kind() != celast.SelectKind || e.AsSelect().IsTestOnly() {
		return "", false
	}
	of := e.AsSelect().Operand()
	if of.Kind() != celast.IdentKind || of.AsIdent()+"." != fieldsPrefix {
		return "", false
	}
	return fieldsPrefix + e.AsSelect().FieldName(), true
}

// noSuchChoice says why a field of the form is no fact.
func (p *Procedure) noSuchChoice(field string) string {
	var choices []string
	for _, one := range p.Form.Fields {
		if one.ID == field {
			return fmt.Sprintf("what is written in the field %q is free text, of which conditions know nothing; give the field options", field)
		}
		if len(one.Options) > 0 {
			choices = append(choices, one.ID)
		}
	}
	if len(choices) == 0 {
		return fmt.Sprintf("the form has no field %q; add it to form.fields, with options", field)
	}
	return fmt.Sprintf("the form has no field %q with options; %s", field, instead(field, choices))
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
