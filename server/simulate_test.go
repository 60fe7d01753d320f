package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/rulebook"
	"recourse/procedures"
)

const friday = `story: {en: Nothing is decided before the festival, zh-CN: 节前未能办结}
procedure: courier-station
steps:
  - 2026-02-13 16:00 li-na register: {channel: phone, category: operations.mistake}
  - 2026-02-13 16:10 li-na screen: {kind: complaint, valid: true, category: operations.mistake, severity: normal}
  - 2026-02-13 16:20 huang-li accept
  - 2026-02-13 16:30 zhao-lei accept # who is to call
`

func TestSimulationPrintsAStoryWithWhatComesOfIt(t *testing.T) {
	file := filepath.Join(t.TempDir(), "friday.yaml")
	require.NoError(t, os.WriteFile(file, []byte(friday), 0o600))
	said, err := command(t, "simulate", file)
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(said, friday+"timeline: |\n  Fri 13 Feb 16:00  * li-na register\n"), said)
	require.Contains(t, said, "  Fri 13 Feb 16:20  ! huang-li accept: not_found, subject_of_complaint\n")
	require.Contains(t, said, "  Tue 24 Feb 16:40  ~ contact #1 rung 4, tier 3\n                    ask-again due Wed 25 Feb 09:00\n                    > ma-chao: decision_handed_over")

	require.NoError(t, os.WriteFile(file, []byte(said), 0o600))
	again, err := command(t, "simulate", file)
	require.NoError(t, err)
	require.Equal(t, said, again, "it takes what it prints")
}

func TestSimulationTellsAStoryInBothLanguagesWithWhoIsTold(t *testing.T) {
	file := filepath.Join(t.TempDir(), "friday.yaml")
	require.NoError(t, os.WriteFile(file, []byte(friday), 0o600))
	for language, lines := range map[string][]string{
		"en": {
			"courier-station@1 · Asia/Shanghai",
			"2026-02-13 16:20 CST                            Huang Li was refused the step “Accept”. Only those with a part in a complaint know of it, and never its subjects.",
			"2026-02-14 16:10 CST  contact    due    tier 1  The clock “Customer contacted” reached its due time. → Yang Fan, Zhang Min, Zhao Lei",
			"2026-02-24 16:40 CST  contact    +8wh   tier 3  The clock “Customer contacted” reached 8 working hours after its due time. → Ma Chao",
		},
		"zh-CN": {"黄丽的“接收”被拒绝。 仅参与办理的人员可知悉投诉，当事人须回避。", "第1级", "“联系客户”已到“到期”节点。 → 杨帆、张敏、赵磊", "contact    到期     第1级"},
	} {
		said, err := command(t, "simulate", "-language", language, file)
		require.NoError(t, err)
		for _, line := range lines {
			require.Contains(t, said, line)
		}
	}
	said, err := command(t, "simulate", "-language", "en", "-messages", file)
	require.NoError(t, err)
	require.Contains(t, said, "→ Ma Chao (decision_handed_over)")
	require.Contains(t, said, "Li Na took the step “Register”. → The customer (customer_received)", "a message stands with what it tells of")
}

// First review: I4.
func TestAFolderOfOnesOwnIsCheckedAndSimulated(t *testing.T) {
	folder := t.TempDir()
	write := func(name, from string, replacements ...string) {
		text, err := procedures.Files.ReadFile(from)
		require.NoError(t, err)
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(folder, name)), 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(strings.NewReplacer(replacements...).Replace(string(text))), 0o600))
	}
	_, err := command(t, "check", folder)
	require.ErrorContains(t, err, "holds no procedure, no calendar and no people; lay it out as "+folder+"/<id>.yaml")
	write("bakery.yaml", "courier-station.yaml", "procedure: courier-station", "procedure: bakery", "calendar: cn", "calendar: ovens", "within: 1h  ", "within: 2h  ")
	write("directories/bakery.yaml", "directories/courier-station.yaml", "organisation: courier-station", "organisation: bakery", "li-na", "baker-li")
	_, err = command(t, "check", folder)
	require.ErrorContains(t, err, filepath.Join(folder, "bakery.yaml")+`:`)
	require.ErrorContains(t, err, `there is no calendar "ovens"`)
	write("calendars/ovens.yaml", "calendars/cn.yaml", "calendar: cn", "calendar: ovens", "09:00-12:00", "03:00-12:00", "covers: 2026", "covers: 2026..2027")
	said, err := command(t, "check", folder)
	require.NoError(t, err)
	require.Contains(t, said, folder+"/calendars/ovens.yaml: right\n"+folder+"/directories/bakery.yaml: right\n"+folder+"/bakery.yaml: right\n")

	said, err = command(t, "simulate", "-folder", folder, "-start", "2026-03-13 15:30")
	require.NoError(t, err)
	require.Contains(t, said, "procedure: bakery\n")
	require.Contains(t, said, "  - 2026-03-13 15:30 baker-li register: {channel: phone}\n")
	require.Contains(t, said, "forward due Fri 13 Mar 17:30")

	file := filepath.Join(t.TempDir(), "story.yaml")
	require.NoError(t, os.WriteFile(file, []byte(said), 0o600))
	again, err := command(t, "simulate", "-folder", folder, file)
	require.NoError(t, err)
	require.Equal(t, said, again)
}

// First review: I4.
func TestEveryCommandExplainsItselfAndDoesNothing(t *testing.T) {
	for line := range strings.Lines(usage) {
		words := strings.Fields(line)
		if len(words) < 2 || words[0] != "server" {
			continue
		}
		name := strings.Trim(words[1], "[]")
		t.Run(name, func(t *testing.T) {
			for _, asked := range []string{"-h", "--help"} {
				said, err := command(t, name, asked)
				require.NoError(t, err, "no database was asked")
				require.Contains(t, said, name)
				require.Less(t, strings.Count(said, "\nserver "), 2, "it is about this command alone")
			}
		})
	}
	_, err := command(t, "migrate", "now")
	require.EqualError(t, err, `server migrate takes no argument; leave "now" out`)
	_, err = command(t, "verify", "seals.txt")
	require.EqualError(t, err, `server verify takes no argument but flags; leave "seals.txt" out, or write -seal before a file of seals`)
}

// First review: B8.
func TestSimulationSaysWhichClocksGoBeyondTheCalendar(t *testing.T) {
	said, err := command(t, "simulate", "-procedure", "real-estate-project", "-start", "2026-12-31 17:00")
	require.NoError(t, err)
	require.Contains(t, said, "due Mon 04 Jan 10:00, beyond the calendar: the holidays of 2027 aren't all known\n")
	said, err = command(t, "simulate", "-procedure", "real-estate-project", "-start", "2026-12-31 17:00", "-language", "en")
	require.NoError(t, err)
	require.Contains(t, said, "The calendar doesn't know all holidays of that year yet, so this time may move.")
	said, err = command(t, "simulate", "-procedure", "real-estate-project", "-start", "2026-11-30 10:00")
	require.NoError(t, err)
	require.NotContains(t, said, "beyond the calendar: the holidays of 2026")
}

func TestSimulationSaysWhatItCantDo(t *testing.T) {
	file := filepath.Join(t.TempDir(), "story.yaml")
	require.NoError(t, os.WriteFile(file, []byte(friday+"calendar: new-yorc\n"), 0o600))
	unknown := filepath.Join(t.TempDir(), "story.yaml")
	require.NoError(t, os.WriteFile(unknown, []byte(strings.Replace(friday, "courier", "corner", 1)), 0o600))
	for wrong, arguments := range map[string][]string{
		`there is no procedure "corner-shop"; those that there are: courier-station, real-estate-project (one of your own is found with -folder)`:                {"-procedure", "corner-shop"},
		unknown + `: there is no procedure "corner-station"; those that there are: courier-station, real-estate-project (one of your own is found with -folder)`: {unknown},
		file + `:8:11: there is no calendar "new-yorc"; write "new-york"`:                                                                                        {file},
		`-start: "Friday" is no time; write one such as 2026-03-11 10:20, or 2026-03-11T10:20:00+08:00`:                                                          {"-start", "Friday"},
		"a story says its procedure and its times; leave -start out":                                                                                             {"-start", "2026-03-13 17:30", file},
		"one story at a time; other.yaml is one too many":                                                                                                        {file, "other.yaml"},
		`the software doesn't speak "de"; write one of en, zh-CN`:                                                                                                {"-language", "de"},
		"a story names each message already; -messages goes with -language":                                                                                      {"-messages"},
	} {
		_, err := command(t, append([]string{"simulate"}, arguments...)...)
		require.EqualError(t, err, wrong)
	}
}

func TestEveryProcedureThatComesWithTheSoftwareCanBeSimulated(t *testing.T) {
	shipped, err := rulebook.Read(procedures.Files)
	require.NoError(t, err)
	for id := range shipped.Procedures() {
		for _, language := range []string{"en", "zh-CN"} {
			said, err := command(t, "simulate", "-procedure", id, "-language", language)
			require.NoError(t, err)
			require.Contains(t, said, "+4wh", "nobody acted: it climbed")
		}
	}
}

func TestSimulationNeedsNoDatabase(t *testing.T) {
	var out strings.Builder
	require.NoError(t, run(t.Context(), []string{"simulate", "-"}, strings.NewReader(friday), &out))
	require.Contains(t, out.String(), "forward due Fri 13 Feb 17:00")
	require.EqualError(t, run(t.Context(), []string{"simulate", "-"}, strings.NewReader("story: [}"), &out),
		"standard input:1:9: this is not YAML: did not find expected node content; text that holds , [ ] { } # or \": \" stands in quotes")
	require.Error(t, run(t.Context(), []string{"fly"}, os.Stdin, &out))
}
