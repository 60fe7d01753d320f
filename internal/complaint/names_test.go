package complaint

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every member of the facts is filled, so whoever is named, and whatever is paid, by a fact that
// is added later is missed here until Names and Sums know it.
func TestEverybodyAndEverySumThatAStepNamesIsFound(t *testing.T) {
	var f Facts
	fill(reflect.ValueOf(&f).Elem())
	// The software's own steps, and what it adds to others, name those whom it knows. Subjects are
	// told by the registration itself.
	f.Report, f.Absent, f.Undelivered, f.Leading, f.Registration.Subjects, f.Registration.Mentioned = nil, nil, nil, nil, nil, nil
	places := map[string]string{}
	label(reflect.ValueOf(&f).Elem(), "facts", places)

	found := map[string]bool{}
	for _, name := range f.Names() {
		found[string(name.Person)], found[name.Department] = true, true
	}
	for _, sum := range f.Sums() {
		found[sum.Amount] = true
	}
	require.NotEmpty(t, places)
	for id, place := range places {
		require.True(t, found[id], "names.go doesn't tell of %s", place)
	}
}

// label gives each person, department and amount below a value a text of its own, and says where it
// stands.
func label(v reflect.Value, path string, places map[string]string) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			switch field := v.Type().Field(i); {
			case !field.IsExported(): // of a time
			case field.Name == "Department", field.Name == "Amount":
				mark(v.Field(i), path+"."+field.Name, places)
			default:
				label(v.Field(i), path+"."+field.Name, places)
			}
		}
	case reflect.Pointer:
		if !v.IsNil() {
			label(v.Elem(), path, places)
		}
	case reflect.Slice:
		for i := range v.Len() {
			label(v.Index(i), fmt.Sprintf("%s[%d]", path, i), places)
		}
	case reflect.String:
		if v.Type() == reflect.TypeFor[PersonID]() {
			mark(v, path, places)
		}
	default:
	}
}

func mark(v reflect.Value, place string, places map[string]string) {
	id := fmt.Sprintf("%d", len(places))
	v.SetString(id)
	places[id] = place
}
