package calendar_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/calendar"
	"recourse/internal/yamlfile"
)

const sound = `calendar: cn
zone: Asia/Shanghai
week: {mon-fri: ["09:00-12:00", "13:30-18:00"]}
covers: 2026
`

// with is the sound calendar with one line replaced; more lines are put at its end.
func with(line, instead string) string { return strings.Replace(sound, line, instead, 1) }

func TestMistakesInACalendarAreAnsweredWithPlaceAndRemedy(t *testing.T) {
	week := `week: {mon-fri: ["09:00-12:00", "13:30-18:00"]}`
	for _, row := range []struct{ name, text, says string }{
		{"empty", "", `cn.yaml:1:1: the file is empty`},
		{"only a comment", "# later\n", `cn.yaml:1:1: the file is empty`},
		{"a list", "- a\n", `cn.yaml:1:1: expected the keys calendar, covers, days, week, zone, found a list`},
		{"no YAML", with(week, "week: {mon-fri: ["), `cn.yaml:5:1: this is not YAML: did not find expected ',' or ']' in what begins in line 3`},
		{"two documents", sound + "---\n" + sound, "cn.yaml:6:1: a second document begins here"},
		{"another encoding", with("cn", "cn\xff"), "cn.yaml:1:13: this is not UTF-8 text"},
		{"too large", sound + strings.Repeat("# more\n", 1<<16), "cn.yaml:1:1: the file has 458846 bytes; keep it under 262144"},
		{"nested brackets", strings.Repeat("[", 60<<10), "cn.yaml:1:41: nested too deep"},
		{"nested dashes", strings.Repeat("- ", 30<<10), "cn.yaml:1:81: nested too deep"},
		{"unknown key", with("zone:", "zoen:"), `cn.yaml:2:1: unknown key "zoen"; write "zone"`},
		{"unknown key, nothing near", sound + "holidays: []\n", `cn.yaml:5:1: unknown key "holidays"; write one of calendar, covers, days, week, zone`},
		{"key twice", sound + "covers: 2027\n", `cn.yaml:5:1: the key "covers" stands here for the second time (first in line 4)`},
		{"key that is no word", sound + "null: 2027\n", `cn.yaml:5:1: expected a plain word as the key`},
		{"no name", with("calendar: cn\n", ""), `cn.yaml:1:1: the key "calendar" is missing here; add it, such as calendar: cn`},
		{"no zone", with("zone: Asia/Shanghai\n", ""), `cn.yaml:1:1: the key "zone" is missing here; add it, such as zone: Asia/Shanghai`},
		{"no week", with(week+"\n", ""), `cn.yaml:1:1: the key "week" is missing here; add it, such as week: {mon-fri: 09:00-18:00}`},
		{"no covers", with("covers: 2026\n", ""), `cn.yaml:1:1: the key "covers" is missing here; add it, such as covers: 2026`},
		{"bad name", with("cn", "China 2026"), "cn.yaml:1:11: the name of a calendar is small letters"},
		{"bad zone", with("Asia/Shanghai", "Asia/Shangai"), `cn.yaml:2:7: "Asia/Shangai" is no IANA time zone; write "Asia/Shanghai"`},
		{"zone by habit", with("Asia/Shanghai", "UTC+8"), `write "Asia/Shanghai"`},
		{"zone of the machine", with("Asia/Shanghai", "Local"), `cn.yaml:2:7: "Local" is no IANA time zone`},
		{"zone out of the file system", with("Asia/Shanghai", "../../etc/passwd"), `is no IANA time zone; write one of Asia/Shanghai`},
		{"zone without value", with("Asia/Shanghai", ""), `cn.yaml:2:1: "zone" has no value; write one, such as zone: Asia/Shanghai`},
		{"zone empty", with("Asia/Shanghai", `""`), "is no time zone"},

		{"unknown weekday", with("mon-fri", "mon-fry"), `cn.yaml:3:8: "fry" is no weekday; write "fri"`},
		{"weekday in full", with("mon-fri", "Monday"), `cn.yaml:3:8: "Monday" is no weekday; write "mon"`},
		{"weekday twice", with(`]}`, `], wed: closed}`), "cn.yaml:3:49: wed has its hours on line 3 already"},
		{"week is a word", with(week, "week: always"), `cn.yaml:3:7: expected names, each with its value, found "always"`},
		{"week without work", with(week, "week: {mon-sun: closed}"), "cn.yaml:3:1: the week has less than an hour of work"},
		{"week of half an hour", with(week, `week: {mon: "09:00-09:30"}`), "less than an hour of work"},
		{"overlap", with("13:30", "11:30"), "cn.yaml:3:34: 11:30-18:00 overlaps 09:00-12:00 (line 3, column 19)"},
		{"shift that runs into the next day's hours", with("13:30-18:00", "22:00-10:00"), "cn.yaml:3:8: the shift 22:00-10:00 runs into the hours 09:00-12:00 of the day after it; let one end where the other begins"},
		{"shift that runs into a date's own hours", with("13:30-18:00", "22:00-06:00") + "days:\n  2026-03-03: \"05:00-09:00\"\n", "cn.yaml:6:3: the shift 22:00-06:00 runs into the hours 05:00-09:00 of the day after it; let one end where the other begins"},
		{"shift that begins at the end of the day", with("13:30-18:00", "24:00-06:00"), `cn.yaml:3:33: "24:00-06:00" begins at the end of the day; write from-to on the 24-hour clock, like "09:00-12:00"`},
		{"empty interval", with("13:30-18:00", "09:00-09:00"), "begins and ends at the same time"},
		{"hour 25", with("18:00", "25:00"), `"13:30-25:00" has a time that no clock shows`},
		{"minute 60", with("18:00", "18:60"), "has a time that no clock shows"},
		{"after 24:00", with("18:00", "24:01"), "has a time that no clock shows"},
		{"short hours", with("09:00-12:00", "9-12"), `cn.yaml:3:18: "9-12" is no interval; write from-to on the 24-hour clock, like "09:00-12:00"`},
		{"no intervals", with(`["09:00-12:00", "13:30-18:00"]`, "[]"), `cn.yaml:3:8: the list is empty; write "closed"`},
		{"interval is a list", with(`"13:30-18:00"`, "[a]"), "cn.yaml:3:33: expected a single value, found a list"},
		{"hours are a mapping", with(`["09:00-12:00", "13:30-18:00"]`, "{a: b}"), "cn.yaml:3:17: expected one word or a list, found a mapping"},
		{"close, not closed", with(`["09:00-12:00", "13:30-18:00"]`, "close"), `cn.yaml:3:17: "close" are no hours; write "closed"`},
		{"weekday's name in the week", with(`]}`, `], sat: mon}`), `"mon" are no hours; write "closed"`},
		{"too many intervals", with(`["09:00-12:00", "13:30-18:00"]`, "["+strings.Repeat("01:00-02:00, ", 13)+"]"), "more than 12 intervals a day"},

		{"bad date", sound + "days:\n  2026-02-30: closed\n", `cn.yaml:6:3: "2026-02-30" is no date; write year-month-day`},
		{"American date", sound + "days:\n  02/14/2026: closed\n", `cn.yaml:6:3: "02/14/2026" is no date`},
		{"bad end of range", sound + "days:\n  2026-02-15..23: closed\n", `cn.yaml:6:3: "23" is no date`},
		{"range backwards", sound + "days:\n  2026-02-23..2026-02-15: closed\n", `cn.yaml:6:3: the range runs backwards; write "2026-02-15..2026-02-23"`},
		{"date outside covers", sound + "days:\n  2028-01-01: closed\n", "cn.yaml:6:3: 2028-01-01 is outside the years that the calendar covers (2026..2026)"},
		{"range out of covers", sound + "days:\n  2027-12-30..2028-01-03: closed\n", "cn.yaml:6:3: 2028-01-03 is outside"},
		{"date in two entries", sound + "days:\n  2026-02-15..2026-02-23: closed\n  2026-02-16: mon\n", "cn.yaml:7:3: 2026-02-16 has its entry on line 6 already"},
		{"date twice", sound + "days:\n  2026-02-16: closed\n  2026-02-16: mon\n", `cn.yaml:7:3: the key "2026-02-16" stands here for the second time (first in line 6)`},
		{"weekday that is closed", sound + "days:\n  2026-02-14: sat\n", `cn.yaml:6:15: sat has no hours in the week; write "closed", or the hours`},
		{"unknown word for a date", sound + "days:\n  2026-02-14: Monday\n", `cn.yaml:6:15: "Monday" are no hours; write "mon"`},
		{"date without value", sound + "days:\n  2026-02-14:\n", `cn.yaml:6:3: "2026-02-14" has no value`},
		{"days are a list", sound + "days: [2026-02-14]\n", `cn.yaml:5:7: expected names, each with its value, found a list`},

		{"covers is a word", with("2026", "always"), `cn.yaml:4:9: "always" is no year`},
		{"covers is a list", with("2026", "[2026]"), `cn.yaml:4:9: expected a single value, found a list`},
		{"covers backwards", with("2026", "2027..2026"), `cn.yaml:4:9: the range runs backwards; write "2026..2027"`},
		{"covers a typing error", with("2026", "20266"), "is outside the years 1970 to 2199"},
		{"covers too much", with("2026", "2000..2099"), "covers 100 years"},
		{"anchors", with("Asia/Shanghai", "&here Asia/Shanghai"), "cn.yaml:2:7: anchors (&), aliases (*) and tags (!) are not read here"},
	} {
		t.Run(row.name, func(t *testing.T) {
			c, err := calendar.Parse("cn.yaml", []byte(row.text))
			require.Nil(t, c)
			require.ErrorContains(t, err, row.says)
			var problem yamlfile.Problem
			require.ErrorAs(t, err, &problem)
			require.Equal(t, "cn.yaml", problem.File)
		})
	}
}

func TestAllMistakesAreAnsweredAtOnceInOrder(t *testing.T) {
	_, err := calendar.Parse("cn.yaml", []byte(`calendar: CN
zone: Beijing
week: {mon-fri: ["09:00-12:00", "11:00-18:00"], sat: open}
days:
  2026-02-14: mon
  2026-13-01: closed
  2025-01-01: open
colour: red
covers: 2026
`))
	var problems yamlfile.Problems
	require.ErrorAs(t, err, &problems)
	var lines []int
	for _, problem := range problems {
		lines = append(lines, problem.Line)
	}
	require.Equal(t, []int{1, 2, 3, 3, 6, 7, 7, 8}, lines, err.Error())
	require.Equal(t, len(problems), strings.Count(err.Error(), "\n")+1, "a line each")
}

func TestAMistypedKeyIsOneMistake(t *testing.T) {
	for _, key := range []string{"calendar", "zone", "week", "covers"} {
		_, err := calendar.Parse("cn.yaml", []byte(with(key+":", key[:3]+":")+"days: {2026-02-14: mon}\n"))
		var problems yamlfile.Problems
		require.ErrorAs(t, err, &problems)
		require.Len(t, problems, 1, "%s: %s", key, err)
	}
}

func TestAFileThatIsNoMappingIsOneMistake(t *testing.T) {
	_, err := calendar.Parse("cn.yaml", []byte("- a\n"))
	var problems yamlfile.Problems
	require.ErrorAs(t, err, &problems)
	require.Len(t, problems, 1)
}

func TestWaysToWriteACalendar(t *testing.T) {
	c := parse(t, `
# The week may run over Sunday, intervals may stand in any order or touch each other, days may be missing.
calendar: gulf
zone: Asia/Dubai
covers: 2026..2027
week:
  sun-thu:
    - 13:00 - 17:00
    - 08:00-12:00
    - 12:00-13:00
  fri: closed
days:
  2026-03-01: "09:00-11:00"
  2027-03-05..2027-03-06: sun
`)
	require.Equal(t, calendar.Years{First: 2026, Last: 2027}, c.Covers())
	for at, working := range map[string]bool{
		"2026-03-08 08:00": true,  // Sunday
		"2026-03-08 12:00": true,  // intervals that touch leave no break
		"2026-03-12 16:59": true,  // Thursday
		"2026-03-13 10:00": false, // Friday
		"2026-03-14 10:00": false, // Saturday, not named
		"2026-03-01 08:30": false, // the short day
		"2026-03-01 10:59": true,
		"2027-03-05 16:00": true, // a Friday worked like a Sunday
	} {
		require.Equal(t, working, c.IsWorking(civil(t, c, at)), at)
	}
	require.Equal(t, 9*time.Hour, c.WorkingBetween(civil(t, c, "2026-03-08 00:00"), civil(t, c, "2026-03-09 00:00")))

	empty := parse(t, sound+"days:\n")
	require.True(t, empty.IsWorking(civil(t, empty, "2026-03-02 09:00")))
}

func TestTheCalendarsThatComeWithTheSoftware(t *testing.T) {
	cn := load(t, "cn")
	workdays := func(c *calendar.Calendar, dates ...string) {
		for _, date := range dates {
			require.True(t, c.IsWorking(civil(t, c, date+" 11:00")), date)
		}
	}
	closed := func(c *calendar.Calendar, dates ...string) {
		for _, date := range dates {
			at := civil(t, c, date+" 00:00")
			require.Zero(t, c.WorkingBetween(at, at.Add(24*time.Hour)), date)
		}
	}
	workdays(cn, "2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10")
	closed(cn, "2026-01-01", "2026-02-16", "2026-02-23", "2026-04-06", "2026-05-05", "2026-06-19", "2026-09-25", "2026-10-07")

	ny := load(t, "new-york")
	workdays(ny, "2026-03-07", "2026-07-02", "2026-11-27")
	closed(ny, "2026-03-08", "2026-07-03", "2026-07-04", "2026-11-26", "2026-12-25")
	require.Equal(t, "2026-11-27 13:00", shown(ny, ny.Due(civil(t, ny, "2026-11-25 10:00"), d("1wd")).At), "a short day closes early")
}
