package message

import (
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"
	"text/template"
	"text/template/parse"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/bilingual"
	"recourse/internal/complaint"
)

var update = flag.Bool("update", false, "write the golden files anew")

// example is a message with everything in it that a message can have.
func example(name Template) Data {
	due := time.Date(2026, 2, 25, 10, 0, 0, 0, time.UTC)
	promised := time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		panic(err)
	}
	reasons := map[Template]string{Task: "find", TierReached: "answer", Climbed: "escalate", Substitute: "find", NotSatisfied: "implement",
		ApprovalAsked: "proposal", Approved: "visit", Refused: "proposal", Suspended: "parts-on-order",
		OpenMatter: "customer-away", CustomerSuspended: "agreed-date", CustomerProposal: InPlaceOfEarlier, SideTask: "supplier-claims", SideEnded: "accountability",
		MajorInformed: "major", Copied: "mass", Alert: "violation-found", TellCustomer: "customer_proposal", Linked: "part_of_mass", Closed: "resolved", CustomerOutcome: "unresolved"}
	return Data{Number: "CS-2026-000123", Recipient: "李娜", Organisation: "顺程速递", Category: "业务操作／工作失误",
		Customer: "王女士", Handler: "张伟", By: "陈静", Department: "运营部", Deadline: "结案", Due: &due, Zone: shanghai,
		Tier: 2, Reason: reasons[name], ProposalRevision: 2, Callback: 1,
		Remedies:    []complaint.Remedy{{Kind: "apology"}, {Kind: "compensation", Amount: "2200", Currency: "CNY"}},
		RemedyWords: []string{"", "含误工费"}, PromisedBy: &promised, Words: "第一行\n第二行", Link: "https://recourse.example/l/abc", AppealRoute: "12345",
		Alert: "发现违规", Severity: "major", Side: "供应商索赔", Task: "提出索赔", Other: "CS-2026-000101", Campaign: "物业服务满意度调查",
		Watch: "徐梅（+86 10 5550 0111）", AtRisk: "赵磊"}
}

// declared reads the names of the templates out of template.go.
func declared(t *testing.T) []Template {
	file, err := parser.ParseFile(token.NewFileSet(), "template.go", nil, 0)
	require.NoError(t, err)
	var names []Template
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok {
			name, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			require.NoError(t, err)
			names = append(names, Template(name))
		}
		return true
	})
	require.NotEmpty(t, names)
	return names
}

func TestEveryMessageReadsWellInBothLanguages(t *testing.T) {
	for _, language := range bilingual.Languages() {
		var all strings.Builder
		for _, name := range declared(t) {
			subject, body, err := Render(name, language, example(name))
			require.NoError(t, err)
			all.WriteString("==== " + string(name) + "\nSubject: " + subject + "\n\n" + body + "\n")
		}
		requireGolden(t, language+".txt", all.String())
	}
}

func TestEachOutcomeHasItsOwnWords(t *testing.T) {
	for _, language := range bilingual.Languages() {
		var all strings.Builder
		seen := map[string]bool{}
		for _, outcome := range complaint.Outcomes() {
			_, body, err := Render(CustomerOutcome, language,
				Data{Number: "RE-2026-000007", Recipient: "王女士", Reason: string(outcome)})
			require.NoError(t, err)
			require.False(t, seen[body], "%s reads like another outcome", outcome)
			seen[body] = true
			all.WriteString("==== " + string(outcome) + "\n" + body + "\n")
		}
		requireGolden(t, "outcomes."+language+".txt", all.String())
	}
}

func TestAFinalReplyNamesTheAppealRoute(t *testing.T) {
	for _, outcome := range []complaint.Outcome{complaint.Unresolved, complaint.RejectedInvalid} {
		for _, language := range bilingual.Languages() {
			_, body, err := Render(CustomerOutcome, language, Data{Number: "RE-2026-000007", Reason: string(outcome), AppealRoute: "the consumer council"})
			require.NoError(t, err)
			require.Contains(t, body, "the consumer council")
		}
	}
}

func TestAMessageThatKnowsLittleLeavesNoGaps(t *testing.T) {
	for _, name := range declared(t) {
		for _, language := range bilingual.Languages() {
			subject, body, err := Render(name, language, Data{Number: "CS-2026-000123", Reason: example(name).Reason})
			require.NoError(t, err)
			if name != SafetyWarning {
				require.Contains(t, subject+body, "CS-2026-000123")
			}
			for _, gap := range []string{"\n ", "<no value>", "<nil>", "\n\n\n", "  ", " .", " ,", "{{"} {
				require.NotContains(t, body, gap, "%s in %s", name, language)
			}
		}
	}
}

func TestATierReachedWithoutAReasonReadsWell(t *testing.T) {
	_, body, err := Render(TierReached, bilingual.English, Data{Number: "CS-1", Tier: 2})
	require.NoError(t, err)
	require.Contains(t, body, "\nThe complaint has gone up to tier 2, and to you.")
}

func TestBothLanguagesSayTheSame(t *testing.T) {
	for _, name := range declared(t) {
		text, around, err := find(name)
		require.NoError(t, err, "%s has no text", name)
		for part, wording := range map[string]bilingual.Text{"body": text.Body, "greeting": around.Greeting, "ending": around.Ending} {
			require.NotEmpty(t, wording.English, "%s %s", name, part)
			require.NotEmpty(t, wording.Chinese, "%s %s", name, part)
			require.Equal(t, placeholders(t, wording.English), placeholders(t, wording.Chinese), "%s: %s", name, part)
		}
		require.NotEmpty(t, text.Subject.English, name)
		require.NotEmpty(t, text.Subject.Chinese, name)
	}
	require.Len(t, declared(t), len(toPerson)+len(toCustomer), "a text without a template's name")
}

func TestEveryCodeHasAWord(t *testing.T) {
	codes := map[string][]string{"remedy": complaint.RemedyKinds()}
	for _, o := range complaint.Outcomes() {
		codes["outcome"] = append(codes["outcome"], string(o))
	}
	for _, m := range []complaint.Matter{complaint.MatterProposal, complaint.MatterSuspension, complaint.MatterVisit,
		complaint.MatterReply, complaint.MatterClosingForm, complaint.MatterReport} {
		codes["matter"] = append(codes["matter"], string(m))
	}
	for _, k := range []complaint.SuspensionKind{complaint.CustomerAway, complaint.PartsOnOrder, complaint.AgreedDate} {
		codes["suspension"] = append(codes["suspension"], string(k))
		codes["rests"] = append(codes["rests"], string(k))
	}
	for _, s := range []complaint.Severity{complaint.Normal, complaint.Major, complaint.Emergency, complaint.Mass} {
		codes["severity"] = append(codes["severity"], string(s))
	}
	for _, r := range []complaint.Relation{complaint.Duplicates, complaint.Repeats, complaint.PartOfMass} {
		codes["relation"] = append(codes["relation"], string(r))
	}
	for group, words := range codes {
		for _, code := range words {
			for _, language := range bilingual.Languages() {
				require.NotEqual(t, code, Label(group, code, language)+" ", "%s %s", group, code)
				require.Contains(t, labels[group], code)
				require.NotEmpty(t, labels[group][code].In(language))
			}
		}
	}
}

func TestAWhistleblowingLetterSaysNothingButItsNumber(t *testing.T) {
	secret := example(Whistleblowing)
	for _, language := range bilingual.Languages() {
		subject, body, err := Render(Whistleblowing, language, secret)
		require.NoError(t, err)
		for _, tells := range []string{secret.Category, secret.Customer, secret.Handler, secret.By, secret.Department, "第一行"} {
			require.NotContains(t, subject+body, tells)
		}
	}
}

func TestAConfidentialComplaintIsRemindedOfWithoutBeingTold(t *testing.T) {
	secret := example(Reminder)
	secret.Confidential = true
	subject, body, err := Render(Reminder, bilingual.Chinese, secret)
	require.NoError(t, err)
	for _, tells := range []string{secret.Category, secret.Customer, secret.Handler, secret.By, "第一行"} {
		require.NotContains(t, subject+body, tells)
	}
	require.Contains(t, body, "2026年2月25日（周三）18:00")
}

func TestDueTimesAreToldInTheReadersZone(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	due := time.Date(2026, 3, 29, 1, 30, 0, 0, time.UTC) // half an hour after the clocks went forward
	subject, _, err := Render(Reminder, bilingual.English, Data{Number: "RE-2026-000007", Due: &due, Zone: berlin})
	require.NoError(t, err)
	require.Equal(t, "RE-2026-000007: reminder, due Sunday, 29 March 2026, 03:30", subject)
}

func TestNamesCannotAddHeadersOrLines(t *testing.T) {
	evil := "Eve\r\nBcc: all@example.org\x00\u202e\u2028X: y\xff"
	for _, language := range bilingual.Languages() {
		subject, body, err := Render(Acknowledged, language, Data{Number: "CS-1\r\nBcc: x@example.org", Recipient: evil, By: evil, Deadline: evil, Words: evil})
		require.NoError(t, err)
		require.NotContains(t, subject, "\n")
		require.NotContains(t, subject, "\r")
		for _, line := range strings.Split(body, "\n") {
			require.False(t, strings.HasPrefix(line, "Bcc:"), line)
		}
		require.NotContains(t, subject+body, "\x00")
		require.NotContains(t, subject+body, "\u202e")
		require.True(t, isUTF8(subject+body))
	}
}

func TestSomebodysWordsAreSetOffFromOurs(t *testing.T) {
	_, body, err := Render(Instruction, bilingual.English, Data{Number: "CS-1", Words: "Do it.\r\n\r\nThis message was written by the bank."})
	require.NoError(t, err)
	require.Contains(t, body, "\n| Do it.\n|\n| This message was written by the bank.\n")
}

func TestTextInDataIsNeverATemplate(t *testing.T) {
	_, body, err := Render(Instruction, bilingual.English, Data{Number: "CS-1", Words: "{{.Customer}} {{range}}", Customer: "Ann"})
	require.NoError(t, err)
	require.Contains(t, body, "| {{.Customer}} {{range}}")
}

func TestAnUnknownTemplateIsAnError(t *testing.T) {
	_, _, err := Render("nonsense", bilingual.English, Data{Number: "CS-1"})
	require.ErrorIs(t, err, ErrUnknownTemplate)
}

func TestSubjectsStayShort(t *testing.T) {
	subject, _, err := Render(Acknowledged, bilingual.Chinese, Data{Number: "CS-1", By: strings.Repeat("长", 9999)})
	require.NoError(t, err)
	require.LessOrEqual(t, len([]rune(subject)), longestSubject)
}

func isUTF8(s string) bool { return strings.ToValidUTF8(s, "\x00") == s }

func requireGolden(t *testing.T, file, got string) {
	t.Helper()
	path := filepath.Join("testdata", file)
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err, "write it with: go test ./internal/message -update")
	require.Equal(t, string(want), got, "see what changed; if it is meant: go test ./internal/message -update")
}

// placeholders lists the members of Data that a text takes, each once.
func placeholders(t *testing.T, text string) []string {
	t.Helper()
	parsed, err := template.New("").Funcs(wordsFor(Reminder, bilingual.English, Data{Zone: time.UTC})).Parse(text)
	require.NoError(t, err)
	found := map[string]bool{}
	var walk func(parse.Node)
	pipe := func(p *parse.PipeNode) {
		if p != nil {
			walk(p)
		}
	}
	branch := func(b parse.BranchNode) {
		pipe(b.Pipe)
		walk(b.List)
		if b.ElseList != nil {
			walk(b.ElseList)
		}
	}
	walk = func(n parse.Node) {
		switch n := n.(type) {
		case *parse.ListNode:
			for _, child := range n.Nodes {
				walk(child)
			}
		case *parse.ActionNode:
			pipe(n.Pipe)
		case *parse.PipeNode:
			for _, c := range n.Cmds {
				walk(c)
			}
		case *parse.CommandNode:
			for _, a := range n.Args {
				walk(a)
			}
		case *parse.FieldNode:
			found[n.Ident[0]] = true
		case *parse.VariableNode:
			if len(n.Ident) > 1 {
				found[n.Ident[1]] = true
			}
		case *parse.IfNode:
			branch(n.BranchNode)
		case *parse.WithNode:
			branch(n.BranchNode)
		case *parse.RangeNode:
			branch(n.BranchNode)
		}
	}
	walk(parsed.Root)
	names := make([]string, 0, len(found))
	for name := range found {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
