package message

import (
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"sort"
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
func example(t *Template) Data {
	due := time.Date(2026, 2, 25, 10, 0, 0, 0, time.UTC)
	promised := time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		panic(err)
	}
	reasons := map[*Template]string{Task: "find", TierReached: "answer", CalledIn: "take-over", Climbed: "escalate", Appealed: Uninvolved, NotSatisfied: "implement",
		ApprovalAsked: "proposal", Approved: "visit", Refused: "proposal", Suspended: "parts-on-order",
		OpenMatter: "customer-away", CustomerSuspended: "agreed-date", CustomerProposal: InPlaceOfEarlier, SideTask: "supplier-claims", SideEnded: "accountability",
		MajorInformed: "major", Copied: "mass", Alert: "violation-found", Notice: "beyond-repair", TellCustomer: "customer_proposal", WriteToCustomer: "customer_outcome", Linked: "part_of_mass", Closed: "resolved", CustomerOutcome: "unresolved"}
	return Data{Number: "CS-2026-000123", Recipient: "李娜", Organisation: "顺程速递", Category: "业务操作／工作失误",
		Customer: "王女士", Handler: "张伟", By: "陈静", Department: "运营部", Deadline: "结案", Due: &due, Zone: shanghai,
		Tier: 2, Reason: reasons[t], ProposalRevision: 2, Callback: 1,
		Remedies:    []complaint.Remedy{{Kind: "apology"}, {Kind: "compensation", Amount: "2200", Currency: "CNY"}},
		RemedyWords: []string{"", "含误工费"}, PromisedBy: &promised, Words: "第一行\n第二行", Link: "https://recourse.example/l/abc", AppealRoute: "12345",
		Alert: "发现违规", Notice: "无法修复", Says: "请另行订购。", Severity: "major", Side: "供应商索赔", Task: "提出索赔", Other: "CS-2026-000101", Campaign: "物业服务满意度调查",
		Watch: "徐梅（+86 10 5550 0111）", AtRisk: "赵磊", PlacesAtRisk: "一楼柜台，今晚",
		Cause: "员工失误", Liable: "department", Blamed: "赵磊", Records: "联系客户", Steps: []Awaited{{"接收", nil}, {"联系客户", &due}}}
}

func TestEveryMessageReadsWellInBothLanguages(t *testing.T) {
	for _, language := range bilingual.Languages() {
		var all strings.Builder
		for _, m := range templates {
			subject, body, err := m.Render(language, example(m))
			require.NoError(t, err)
			all.WriteString("==== " + m.Name() + "\nSubject: " + subject + "\n\n" + body + "\n")
		}
		requireGolden(t, language+".txt", all.String())
	}
}

func TestEachOutcomeHasItsOwnWords(t *testing.T) {
	for _, language := range bilingual.Languages() {
		var all strings.Builder
		_, wordless, err := CustomerOutcome.Render(language, Data{Number: "RE-2026-000007", Recipient: "王女士", Reason: "none that there is"})
		require.NoError(t, err)
		seen := map[string]bool{wordless: true}
		for _, outcome := range complaint.Outcomes() {
			_, body, err := CustomerOutcome.Render(language,
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
			_, body, err := CustomerOutcome.Render(language, Data{Number: "RE-2026-000007", Reason: string(outcome), AppealRoute: "the consumer council"})
			require.NoError(t, err)
			require.Contains(t, body, "the consumer council")
		}
	}
}

// Whatever a procedure leaves out, or a life hasn't: no sentence has an empty place for it. What
// every message has are its number and, where it says so, its reason.
func TestWhateverIsMissingLeavesNoHoleInALetter(t *testing.T) {
	for _, m := range templates {
		whole := example(m)
		whole.Phone, whole.Place, whole.Contact, whole.Hotline, whole.Hours, whole.Narrative = "139", "一楼", "李娜", "95000", "9:00", "第一行"
		whole.HappenedAt, whole.From, whole.Until, whole.VisitAt, whole.Rests = whole.Due, whole.Due, whole.Due, whole.Due, "customer-away"
		secret := whole
		secret.Confidential = true
		scarce := map[string]Data{"all of it": {Number: whole.Number, Reason: whole.Reason}, "all that is confidential": secret}
		members := reflect.TypeFor[Data]()
		asked := m.says.Subject.English + m.says.Body.English + m.frame().Facts.English
		for i := range members.NumField() {
			if name := members.Field(i).Name; name != "Number" && name != "Reason" && strings.Contains(asked, "."+name) {
				less := whole
				reflect.ValueOf(&less).Elem().Field(i).SetZero()
				scarce[name] = less
			}
		}
		for missing, data := range scarce {
			for _, language := range bilingual.Languages() {
				subject, body, err := m.Render(language, data)
				require.NoError(t, err, "%s in %s without %s", m.Name(), language, missing)
				if m != SafetyWarning {
					require.Contains(t, subject+body, whole.Number)
				}
				_, afterGreeting, _ := strings.Cut(body, "\n")
				require.NotRegexp(t, hole, subject+"\n"+afterGreeting, "%s in %s without %s", m.Name(), language, missing)
			}
		}
	}
}

// hole is what is left of a sentence whose value is missing.
var hole = regexp.MustCompile(`\n |<no value>|<nil>|\n\n\n|  | \.| ,|\{\{|—|“”|\(\)|（）|[:：,，、]\n\n|: ,|: \.|：[。，：]|，[。，]|请请|tier 0|第0|(proposal|revision|callback) 0`)

func TestATierReachedWithoutAReasonReadsWell(t *testing.T) {
	_, body, err := TierReached.Render(bilingual.English, Data{Number: "CS-1", Tier: 2})
	require.NoError(t, err)
	require.Contains(t, body, "\nThe complaint has gone up to tier 2, and to you.")
}

func TestBothLanguagesSayTheSame(t *testing.T) {
	for _, around := range []frame{layout.Person, layout.Customer} {
		requireSame(t, around.Greeting, "greeting")
		requireSame(t, around.Facts, "facts")
		requireSame(t, around.Ending, "ending")
	}
	for _, m := range templates {
		requireSame(t, m.says.Body, m.Name())
		require.NotEmpty(t, m.says.Subject.English, m.Name())
		require.NotEmpty(t, m.says.Subject.Chinese, m.Name())
	}
}

func requireSame(t *testing.T, wording bilingual.Text, what string) {
	t.Helper()
	require.NotEmpty(t, wording.English, what)
	require.NotEmpty(t, wording.Chinese, what)
	require.Equal(t, placeholders(t, wording.English), placeholders(t, wording.Chinese), what)
}

func TestEveryEntryMakesSense(t *testing.T) {
	known := append(complaint.StepNames(), complaint.Register)
	for _, m := range templates {
		require.Subset(t, known, m.says.Tells, m.Name())
		require.Subset(t, known, m.says.Asks.Always, m.Name())
		for reason, step := range m.says.Asks.ByReason {
			require.True(t, slices.Contains(known, complaint.StepName(step.(string))) || reason == otherwise && step == itsReason, "%s: no step %q", m.Name(), step)
		}
		require.Contains(t, []string{"", disclosesNumber, disclosesNothing}, m.says.Discloses, m.Name())
		if slices.Contains(placeholders(t, m.says.Body.English), "Words") {
			require.NotEmpty(t, m.says.Tells, "%s: whose words it tells: write tells", m.Name())
		}
		require.Equal(t, slices.Contains(placeholders(t, m.says.Body.English), "Link"), m.Link() != "", "%s: its link and its text", m.Name())
		if !m.ToCustomer() {
			require.NotEmpty(t, m.says.To, "%s: who gets it", m.Name())
			require.False(t, m.CarriesWords() || m.Link() != "" || !m.says.ByPhone.IsZero(), "%s: that is for customers", m.Name())
			continue
		}
		require.Equal(t, len(m.says.Tells) > 0, m.CarriesWords(), "%s: a customer reads words, or is told of no step", m.Name())
		require.True(t, m.Link() == "" || m.Link().Life() > 0, "%s: there is no link for %q", m.Name(), m.Link())
		require.NotEmpty(t, m.says.ByPhone.English, m.Name())
		require.NotEmpty(t, m.says.ByPhone.Chinese, m.Name())
	}
}

func TestAWhistleblowingLetterSaysNothingButItsNumber(t *testing.T) {
	secret := example(Whistleblowing)
	for _, language := range bilingual.Languages() {
		subject, body, err := Whistleblowing.Render(language, secret)
		require.NoError(t, err)
		for _, tells := range []string{secret.Category, secret.Customer, secret.Handler, secret.By, secret.Department, "第一行"} {
			require.NotContains(t, subject+body, tells)
		}
	}
}

func TestAConfidentialComplaintIsRemindedOfWithoutBeingTold(t *testing.T) {
	secret := example(Reminder)
	secret.Confidential = true
	subject, body, err := Reminder.Render(bilingual.Chinese, secret)
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
	subject, _, err := Reminder.Render(bilingual.English, Data{Number: "RE-2026-000007", Due: &due, Zone: berlin})
	require.NoError(t, err)
	require.Equal(t, "RE-2026-000007: reminder, due Sunday, 29 March 2026, 03:30", subject)
}

func TestNamesCannotAddHeadersOrLines(t *testing.T) {
	evil := "Eve\r\nBcc: all@example.org\x00\u202e\u2028X: y\xff"
	for _, language := range bilingual.Languages() {
		subject, body, err := Acknowledged.Render(language, Data{Number: "CS-1\r\nBcc: x@example.org", Recipient: evil, By: evil, Deadline: evil, Words: evil})
		require.NoError(t, err)
		require.NotContains(t, subject, "\n")
		require.NotContains(t, subject, "\r")
		for line := range strings.SplitSeq(body, "\n") {
			require.False(t, strings.HasPrefix(line, "Bcc:"), line)
		}
		require.NotContains(t, subject+body, "\x00")
		require.NotContains(t, subject+body, "\u202e")
		require.True(t, isUTF8(subject+body))
	}
}

func TestSomebodysWordsAreSetOffFromOurs(t *testing.T) {
	_, body, err := Instruction.Render(bilingual.English, Data{Number: "CS-1", Words: "Do it.\r\n\r\nThis message was written by the bank."})
	require.NoError(t, err)
	require.Contains(t, body, "\n| Do it.\n|\n| This message was written by the bank.\n")
}

func TestTextInDataIsNeverATemplate(t *testing.T) {
	_, body, err := Instruction.Render(bilingual.English, Data{Number: "CS-1", Words: "{{.Customer}} {{range}}", Customer: "Ann"})
	require.NoError(t, err)
	require.Contains(t, body, "| {{.Customer}} {{range}}")
}

func TestAnUnknownTemplateIsAnError(t *testing.T) {
	_, err := Named("nonsense")
	require.ErrorIs(t, err, ErrUnknownTemplate)
}

func TestSubjectsStayShort(t *testing.T) {
	subject, _, err := Acknowledged.Render(bilingual.Chinese, Data{Number: "CS-1", By: strings.Repeat("长", 9999)})
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
	parsed, err := template.New("").Funcs(wordsFor(false, bilingual.English, Data{Zone: time.UTC})).Parse(text)
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

func TestALetterNamesRemediesAsTheProcedureDoesAndSaysWhatWasDecided(t *testing.T) {
	for _, template := range []*Template{CustomerProposal, CustomerOutcome} {
		for language, want := range map[string][]string{"en": {"- Item cancelled 30.00 CNY", "Our decision on what you asked for: Accepted."}, "zh-CN": {"- Item cancelled 30.00元", "对您诉求的决定：Accepted。"}} {
			_, body, err := template.Render(language, Data{Number: "RE-2026-000007", Reason: string(complaint.Resolved), Decision: "Accepted",
				Remedies: []complaint.Remedy{{Kind: "refund", Own: "cancel-item", Amount: "30", Currency: "CNY"}}, OwnRemedies: map[string]string{"cancel-item": "Item cancelled"}})
			require.NoError(t, err)
			for _, line := range want {
				require.Contains(t, body, line)
			}
		}
	}
}
