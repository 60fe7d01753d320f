package directory_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/bilingual"
	"recourse/internal/complaint"
	"recourse/internal/directory"
	"recourse/internal/growth"
)

// First review: I3.
func TestPeopleAreFoundByTheNamesThatATextCallsThem(t *testing.T) {
	person := func(english, chinese, email string) directory.Person {
		return directory.Person{Name: bilingual.Text{English: english, Chinese: chinese}, Email: email}
	}
	people := map[complaint.PersonID]directory.Person{
		"zhao-lei": person("Zhao Lei", "赵磊", "zhao.lei@example.com"),
		"zhao-min": person("Zhao Min", "赵敏", "z.m@example.com"),
		"dr-a":     person("Dr A", "安医生", "a@clinic.example"),
		"obrien":   person("Renée O'Brien", "蕾妮·奥布莱恩", "renee@example.com"),
		"ouyang":   person("Ouyang Na", "欧阳娜", "ouyang@example.com"),
		"shi":      person("Shi Yu", "时雨", "shi@example.com"),
		"abdulla":  person("Abdulla Memet", "阿卜杜拉·买买提", "abdulla@example.com"),
	}
	for id, p := range people {
		p.ID = id
		people[id] = p
	}
	d := &directory.Directory{People: people}
	type ids = []complaint.PersonID
	for text, want := range map[string]ids{
		"Zhao Lei shouted at me.":                              {"zhao-lei"},
		"a courier, LEI ZHAO, shouted":                         {"zhao-lei"},
		"快递员赵磊态度恶劣":                                            {"zhao-lei"},
		"快递员赵 磊态度恶劣":                                           {"zhao-lei"},
		"那个赵师傅骂我":                                              {"zhao-lei", "zhao-min"},
		"小赵迟到":                                                 {"zhao-lei", "zhao-min"},
		"Mr. Zhao was rude":                                    {"zhao-lei", "zhao-min"},
		"I wrote to Zhao.Lei@example.com":                      {"zhao-lei"},
		"it says zhao-lei on the slip":                         {"zhao-lei"},
		"Dr A shouted at me":                                   {"dr-a"},
		"A doctor shouted at me, and a nurse":                  nil,
		"Ms Renee OBrien hung up":                              {"obrien"},
		"it was O’Brien, Renée":                                {"obrien"},
		"欧阳经理不理我":                                              {"ouyang"},
		"等了2小时雨还没停":                                            {"shi"}, // it finds rather too many
		"等了2小时":                                                nil,
		"阿卜杜拉买买提送的":                                            {"abdulla"},
		"Lei is a good name, and Zhao another":                 nil,
		"The parcel was left at the wrong door. Chaos reigned": nil,
		"": nil,
	} {
		require.Equal(t, want, d.Named(text), "%q", text)
	}
}

// A long text takes time that grows with its length.
func TestNamesAreLookedForInTimeThatGrowsWithTheText(t *testing.T) {
	d := &directory.Directory{People: map[complaint.PersonID]directory.Person{
		"zhao-lei": {ID: "zhao-lei", Name: bilingual.Text{English: "Zhao Lei", Chinese: "赵磊"}},
	}}
	growth.Linear(t, 2000, func(size int) func() {
		text := strings.Repeat("zhao 赵 ", size)
		return func() { d.Named(text) }
	})
}
