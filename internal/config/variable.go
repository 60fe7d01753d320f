package config

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/caarlos0/env/v11"
)

// NameVariables says which variables are wrong where env.Parse, filling a struct, only names its
// fields. Other errors come back as they are.
func NameVariables(settings any, err error) error {
	var all env.AggregateError
	if !errors.As(err, &all) {
		return err
	}
	fields := reflect.TypeOf(settings)
	named := make([]error, len(all.Errors))
	for i, one := range all.Errors {
		named[i] = one
		var wrong env.ParseError
		if !errors.As(one, &wrong) {
			continue
		}
		if field, known := fields.FieldByName(wrong.Name); known {
			variable, _, _ := strings.Cut(field.Tag.Get("env"), ",")
			named[i] = fmt.Errorf("%s must be %s: %w", variable, kinds(field.Type), wrong.Err)
		}
	}
	return errors.Join(named...)
}

// kinds says what a type's values look like.
func kinds(of reflect.Type) string {
	switch of.Kind() {
	case reflect.Uint16:
		return "a whole number from 0 to 65535"
	case reflect.Int, reflect.Int64, reflect.Uint, reflect.Uint64:
		return "a whole number, or a word that the setting knows"
	case reflect.Slice:
		return "networks such as 10.0.0.0/8,2001:db8::/32"
	case reflect.Bool:
		return "true or false"
	}
	return "another value"
}
