package config

import "reflect"

// Names are all environment variables that Load reads, in the order of Config's fields, each
// secret's _FILE form after it.
func Names() []string {
	var names []string
	for field := range fields() {
		name := field.Tag.Get("env")
		names = append(names, name)
		if field.Type == reflect.TypeFor[Secret]() {
			names = append(names, name+"_FILE")
		}
	}
	return names
}

func secrets() []string {
	var names []string
	for field := range fields() {
		if field.Type == reflect.TypeFor[Secret]() {
			names = append(names, field.Tag.Get("env"))
		}
	}
	return names
}

func fields() func(yield func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for _, field := range reflect.VisibleFields(reflect.TypeFor[Config]()) {
			if !yield(field) {
				return
			}
		}
	}
}
