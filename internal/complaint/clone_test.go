package complaint

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Every field of a complaint is filled, so a field that is added later and
// forgotten in Clone fails here, by its name.
func TestACopySharesNothingWithItsOriginal(t *testing.T) {
	var original Complaint
	fill(reflect.ValueOf(&original).Elem())
	copied := original.Clone()
	require.Equal(t, original, copied)

	places := map[uintptr]string{}
	below(reflect.ValueOf(&original).Elem(), "complaint", func(place uintptr, path string) { places[place] = path })
	below(reflect.ValueOf(&copied).Elem(), "complaint", func(place uintptr, path string) {
		require.NotContains(t, places, place, "the copy shares %s", path)
	})
}

func TestACopyOfAnEmptyComplaintIsEmpty(t *testing.T) {
	var empty Complaint
	require.Equal(t, empty, empty.Clone())
}

// fill gives every field, list and pointer below a value something to hold.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Date(2026, 2, 14, 9, 30, 0, 0, time.UTC)))
			return
		}
		for _, field := range v.Fields() {
			fill(field)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 4))
		for i := range v.Len() {
			fill(v.Index(i))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		held := reflect.New(v.Type().Elem()).Elem()
		fill(held)
		v.SetMapIndex(reflect.ValueOf("x"), held)
	case reflect.String:
		v.SetString("x")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int:
		v.SetInt(7)
	default:
		panic("a complaint holds a " + v.Kind().String() + ": say here how it is filled, and in Clone how it is copied")
	}
}

// below calls seen with the place of everything that a value points to.
func below(v reflect.Value, path string, seen func(place uintptr, path string)) {
	switch v.Kind() {
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return // its zone is shared by everybody and never changed
		}
		for i := range v.NumField() {
			below(v.Field(i), path+"."+v.Type().Field(i).Name, seen)
		}
	case reflect.Map:
		seen(v.Pointer(), path)
	case reflect.Pointer:
		seen(v.Pointer(), path)
		below(v.Elem(), path, seen)
	case reflect.Slice:
		seen(v.Pointer(), path)
		for i := range v.Len() {
			below(v.Index(i), fmt.Sprintf("%s[%d]", path, i), seen)
		}
	}
}
