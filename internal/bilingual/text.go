// Package bilingual holds what people read in both languages of the software.
package bilingual

// The languages, as BCP 47 tags.
const (
	English = "en"
	Chinese = "zh-CN"
)

// Languages lists the languages in which every text exists.
func Languages() []string { return []string{English, Chinese} }

// Text is one wording in both languages.
type Text struct {
	English string `yaml:"en,required" json:"en"`
	Chinese string `yaml:"zh-CN,required" json:"zh-CN"`
}

// In returns the wording in a language; any other tag than "zh-CN" gets the
// English one.
func (t Text) In(language string) string {
	if language == Chinese {
		return t.Chinese
	}
	return t.English
}

// IsZero reports whether nothing is written in either language.
func (t Text) IsZero() bool { return t == Text{} }
