package directory

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"recourse/internal/bilingual"
	"recourse/internal/complaint"
)

// Named are the people whom a text calls by name, sorted: by their name in either language, in
// either order in English; by the family name with a title or what colleagues say ("Dr Li",
// 王师傅, 小赵); by their ID or their address of mail. It finds rather too many than too few: who of
// them is meant, a reader has to say. A given name alone is nobody's.
func (d *Directory) Named(text string) []complaint.PersonID {
	lower := strings.ToLower(text)
	called := calledIn(lower)
	var named []complaint.PersonID
	for id, person := range d.People {
		if person.isNamedIn(called) || person.Email != "" && strings.Contains(lower, strings.ToLower(person.Email)) {
			named = append(named, id)
		}
	}
	slices.Sort(named)
	return named
}

// spoken is a text as names are looked for in it: its words in letters of the alphabet, one space
// around each, and its Han characters without anything between them. Accents don't count.
type spoken struct {
	words string
	han   string
	there map[string]bool // each word, and each Han character
}

func calledIn(text string) spoken {
	var words, han strings.Builder
	there := map[string]bool{}
	word := []rune{}
	end := func() {
		if len(word) > 0 {
			there[string(word)] = true
			words.WriteString(" " + string(word))
			word = word[:0]
		}
	}
	for _, r := range norm.NFKD.String(strings.ToLower(text)) {
		switch {
		case unicode.Is(unicode.Han, r):
			end()
			there[string(r)] = true
			han.WriteRune(r)
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			word = append(word, r)
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’':
			// within a word: é, O'Brien
		case r == '·' || unicode.IsSpace(r):
			end() // 阿卜杜拉·买买提 is one name
		default:
			end()
			han.WriteByte(' ')
		}
	}
	end()
	return spoken{words: words.String() + " ", han: han.String(), there: there}
}

var (
	englishTitles = []string{"mr", "mrs", "ms", "miss", "mx", "sir", "madam", "dr", "doctor", "prof", "professor", "nurse", "manager", "director", "officer", "driver"}
	chineseTitles = []string{"先生", "女士", "小姐", "师傅", "医生", "大夫", "护士", "老师", "教授", "主任", "经理", "主管", "总", "队长", "站长", "店长",
		"院长", "科长", "部长", "处长", "组长", "班长", "工", "客服", "快递员", "司机", "阿姨", "大哥", "大姐"}
	familiar = []string{"小", "老", "阿"}
	// doubled are the family names of two characters that are still met.
	doubled = []string{"欧阳", "司马", "上官", "诸葛", "司徒", "东方", "尉迟", "皇甫", "夏侯", "令狐", "慕容", "宇文", "长孙", "公孙", "轩辕", "端木", "南宫", "独孤", "申屠", "闻人"}
	// everyday are words that aren't somebody's name behind what colleagues say before it.
	everyday = []string{"小时", "小区", "小心", "小路", "小车", "老师", "小学", "老板"}
)

func (p Person) isNamedIn(text spoken) bool {
	id := strings.Fields(calledIn(string(p.ID)).words)
	if len(id) > 1 && text.inARow(id) {
		return true
	}
	for _, name := range []string{p.Name.In(bilingual.English), p.Name.In(bilingual.Chinese)} {
		called := calledIn(name)
		if words := strings.Fields(called.words); len(words) > 0 && text.callsInWords(words) {
			return true
		}
		if han := strings.ReplaceAll(called.han, " ", ""); han != "" && text.callsInHan(han) {
			return true
		}
	}
	return false
}

// callsInWords reports whether a text calls somebody whose name is written in letters: by all of
// it, by its first word and its last in either order, or by one of these behind a title.
func (s spoken) callsInWords(name []string) bool {
	first, last := name[0], name[len(name)-1]
	if len(name) == 1 {
		return len(first) > 2 && s.there[first]
	}
	if slices.Contains(englishTitles, first) { // their name has one: "Dr A"
		return s.inARow(name)
	}
	if s.inARow(name) || s.inARow([]string{first, last}) || s.inARow([]string{last, first}) {
		return true
	}
	return slices.ContainsFunc(englishTitles, func(title string) bool {
		return s.there[title] && (s.inARow([]string{title, first}) || s.inARow([]string{title, last}))
	})
}

// inARow reports whether the words stand one behind the other.
func (s spoken) inARow(words []string) bool {
	for _, word := range words {
		if !s.there[word] {
			return false
		}
	}
	return strings.Contains(s.words, " "+strings.Join(words, " ")+" ")
}

// callsInHan reports whether a text calls somebody whose name is written in Han characters.
func (s spoken) callsInHan(name string) bool {
	characters := strings.Split(name, "")
	if !s.there[characters[0]] {
		return false
	}
	if len(characters) > 1 && strings.Contains(s.han, name) {
		return true
	}
	family := characters[0]
	if len(characters) > 2 && slices.Contains(doubled, characters[0]+characters[1]) {
		family += characters[1]
	}
	if slices.ContainsFunc(chineseTitles, func(title string) bool { return strings.Contains(s.han, family+title) }) {
		return true
	}
	return slices.ContainsFunc(familiar, func(before string) bool {
		return !slices.Contains(everyday, before+family) && strings.Contains(s.han, before+family)
	})
}
