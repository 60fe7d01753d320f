package message

import (
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEveryTextOfALetterIsCleaned(t *testing.T) {
	const hostile = "one\r\ntwo\x00\x07\xff"
	var d Data
	fill(reflect.ValueOf(&d).Elem(), hostile+strings.Repeat("x", longestWords+longestLine))
	d.Confidential = false
	facts := &Template{says: entry{Facts: true}}
	cleaned := reflect.ValueOf(d.clean(facts))
	for i := range cleaned.NumField() {
		name := cleaned.Type().Field(i).Name
		for _, text := range texts(cleaned.Field(i)) {
			require.NotContains(t, text, "\r", name)
			require.NotContains(t, text, "\x00", name)
			require.NotContains(t, text, "\xff", name)
			require.LessOrEqual(t, len([]rune(text)), longestWords+1, name)
			if lined[name] == 0 {
				require.NotContains(t, text, "\n", name)
				require.LessOrEqual(t, len([]rune(text)), longestLink, name)
			}
		}
	}
}

// fill writes a text into every text of a value, one in each list.
func fill(v reflect.Value, text string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), text)
	case reflect.Struct:
		for _, member := range v.Fields() {
			if member.CanSet() {
				fill(member, text)
			}
		}
	}
}

// texts are all texts of a value.
func texts(v reflect.Value) (all []string) {
	switch v.Kind() {
	case reflect.String:
		return []string{v.String()}
	case reflect.Slice:
		for i := range v.Len() {
			all = append(all, texts(v.Index(i))...)
		}
	case reflect.Struct:
		for _, member := range v.Fields() {
			all = append(all, texts(member)...)
		}
	}
	return all
}
