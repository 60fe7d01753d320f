// Package yamlfile reads YAML that people write: strictly, and all mistakes at
// once, each with its line, its column and the nearest right word. It gives the
// place of every value for rules that are checked later.
//
// Structs name their keys with `yaml:"key"`, `yaml:"key,required"` or, for a key
// that may stand without a value, `yaml:"key,empty"`; a tag `example:"…"` beside it
// shows what can be written there. For a mapping whose keys are names of one's own
// they have a slice of structs of which one field is tagged `yaml:",key"` (a string,
// an int, or of a type with a notation); the other fields are the entry's keys, or
// one field tagged `yaml:",value"` takes the whole entry. A field tagged
// `yaml:",rest"` (a map[string]any) takes the keys not known, and those of a struct
// tagged `yaml:",inline"` are read as if they stood beside it. A struct that
// implements encoding.TextUnmarshaler may be written as one word, and one with a
// field tagged `yaml:",items"` as a list. Where a list is expected, a single word
// is a list of one.
package yamlfile

import (
	"encoding"
	"fmt"
	"iter"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Position is a place in a file, from 1.
type Position struct {
	Line   int
	Column int
}

// Document is a file that was read: its values' places and its problems.
type Document struct {
	file      string
	terms     *Terms
	positions map[string]Position
	keys      map[string]Position // of the values that stand at a key
	values    []value
	problems  Problems
	unread    map[string]bool // paths of values that could not be read, and of those around them
}

// value is one decoded value, by its path ("deadlines.forward.within").
type value struct {
	path string
	at   reflect.Value // addressable
}

// Terms are the words and notations that a kind of file knows: the words
// allowed for a type, and how a notation is read.
type Terms struct {
	words   map[reflect.Type]vocabulary
	parsers map[reflect.Type]func(string) (any, error)
}

// vocabulary is what a type's values may be, and what such a value is called.
type vocabulary struct {
	noun  string
	words []string
	meant map[string]string // what people write, and the word for it
}

// instead says what to write for a word that isn't one.
func (v vocabulary) instead(written string) fmt.Stringer {
	if word, known := v.meant[strings.ToLower(written)]; known {
		written = word
	}
	return Instead(written, v.words)
}

// NewTerms returns terms without any word or notation of its own.
func NewTerms() *Terms {
	return &Terms{words: map[reflect.Type]vocabulary{}, parsers: map[reflect.Type]func(string) (any, error){}}
}

// Words limits values of type T to the words given; noun says what such a value is ("stage").
func Words[T ~string](terms *Terms, noun string, words ...T) {
	list := make([]string, len(words))
	for i, word := range words {
		list[i] = string(word)
	}
	terms.words[reflect.TypeFor[T]()] = vocabulary{noun: noun, words: list}
}

// Meant says which words of type T people mean by others ("3 months" is "quarter"), for the
// messages about them; written in small letters. The type has its Words.
func Meant[T ~string](terms *Terms, meant map[string]T) {
	v := terms.words[reflect.TypeFor[T]()]
	v.meant = map[string]string{}
	for written, word := range meant {
		v.meant[written] = string(word)
	}
	terms.words[reflect.TypeFor[T]()] = v
}

// Notation reads values of type T with a function whose error says what to write instead.
func Notation[T any](terms *Terms, parse func(string) (T, error)) {
	terms.parsers[reflect.TypeFor[T]()] = func(s string) (any, error) { return parse(s) }
}

// Decode reads data into the struct that into points to. Whatever is wrong is
// in the document's Err.
func Decode(file string, data []byte, terms *Terms, into any) *Document {
	d := &Document{file: file, terms: terms, positions: map[string]Position{}, keys: map[string]Position{}, unread: map[string]bool{}}
	d.positions[""] = Position{Line: 1, Column: 1}
	body, ok := d.parse(data)
	if !ok {
		d.noteUnread("")
		return d
	}
	d.decode("", body, reflect.ValueOf(into).Elem())
	return d
}

// Addf records a problem at the value with this path, or at the nearest one
// around it that the file has.
func (d *Document) Addf(path, format string, args ...any) {
	d.addAt(d.Position(path), format, args...)
}

// AddAtKey records a problem at the key of the value with this path.
func (d *Document) AddAtKey(path, format string, args ...any) {
	d.addAt(d.KeyPosition(path), format, args...)
}

// AddAfter records a problem so many columns into the value with this path.
func (d *Document) AddAfter(path string, columns int, format string, args ...any) {
	position := d.Position(path)
	position.Column += columns
	d.addAt(position, format, args...)
}

// Has reports whether the file has a value with this path.
func (d *Document) Has(path string) bool {
	_, ok := d.positions[path]
	return ok
}

// Position is where the value with this path stands, or the nearest one around it.
func (d *Document) Position(path string) Position {
	for {
		if position, ok := d.positions[path]; ok {
			return position
		}
		cut := strings.LastIndexAny(path, ".[")
		if cut < 0 {
			return Position{Line: 1, Column: 1}
		}
		path = path[:cut]
	}
}

// KeyPosition is where the key of the value with this path stands; where it has none, where it
// stands itself.
func (d *Document) KeyPosition(path string) Position {
	if at, ok := d.keys[path]; ok {
		return at
	}
	return d.Position(path)
}

// Unread reports whether the value with this path, or one within it, could not
// be read: what else is wrong with it would only repeat that. The path "" is unread
// when nothing could be read.
func (d *Document) Unread(path string) bool { return d.unread[path] }

// Err returns the problems found so far as Problems, or nil.
func (d *Document) Err() error {
	if len(d.problems) == 0 {
		return nil
	}
	return d.problems.sorted()
}

// Clone returns a document with the same places and no problems: for a round of
// checks of its own.
func (d *Document) Clone() *Document {
	return &Document{file: d.file, terms: d.terms, positions: d.positions, keys: d.keys, values: d.values, unread: map[string]bool{}}
}

// Each calls visit with every value of type T in the file's order, with its path.
func Each[T any](d *Document, visit func(path string, value *T)) {
	wanted := reflect.TypeFor[T]()
	for _, v := range d.values {
		if v.at.Type() == wanted {
			visit(v.path, v.at.Addr().Interface().(*T))
		}
	}
}

// EachOf calls visit with every value whose pointer is a T, an interface, in the file's order.
func EachOf[T any](d *Document, visit func(path string, value T)) {
	for _, v := range d.values {
		if value, is := reflect.TypeAssert[T](v.at.Addr()); is {
			visit(v.path, value)
		}
	}
}

// EachWithin calls visit with every value of type T in the file's order, with its path and the
// innermost value around it, or itself, whose pointer is an A, an interface; nil where there is
// none.
func EachWithin[T, A any](d *Document, visit func(path string, value *T, around A)) {
	type place struct {
		path string
		is   A
	}
	wanted := reflect.TypeFor[T]()
	var around []place // outermost first: values come before those within them
	for _, v := range d.values {
		for len(around) > 0 && !stands(v.path, around[len(around)-1].path) {
			around = around[:len(around)-1]
		}
		if is, ok := reflect.TypeAssert[A](v.at.Addr()); ok {
			around = append(around, place{v.path, is})
		}
		if v.at.Type() != wanted {
			continue
		}
		var innermost A
		if len(around) > 0 {
			innermost = around[len(around)-1].is
		}
		visit(v.path, v.at.Addr().Interface().(*T), innermost)
	}
}

// stands reports whether a path is another, or of a value within it.
func stands(path, within string) bool {
	rest, is := strings.CutPrefix(path, within)
	return is && (within == "" || rest == "" || rest[0] == '.' || rest[0] == '[')
}

// mostProblems are told of one file; whoever made more corrects these first.
const mostProblems = 500

func (d *Document) addAt(at Position, format string, args ...any) {
	switch count := len(d.problems); {
	case count == mostProblems:
		return
	case count == mostProblems-1:
		format, args = "there are more mistakes than the %d that are told at once; correct these first", []any{mostProblems - 1}
	}
	d.problems = append(d.problems, Problem{File: d.file, Line: at.Line, Column: at.Column, Message: fmt.Sprintf(format, args...)})
}

// unreadable records a problem because of which a value could not be read.
func (d *Document) unreadable(path string, at Position, format string, args ...any) {
	d.noteUnread(path)
	d.addAt(at, format, args...)
}

// noteUnread notes that a value could not be read, and with it those around it.
func (d *Document) noteUnread(path string) {
	for !d.unread[path] {
		d.unread[path] = true
		cut := strings.LastIndexAny(path, ".[")
		if cut < 0 {
			return
		}
		path = path[:cut]
	}
}

// decode puts a node's value into target, which is addressable.
func (d *Document) decode(path string, node *yaml.Node, target reflect.Value) {
	if _, known := d.positions[path]; !known {
		d.positions[path] = start(node)
	}
	if !isWrittenOut(node) {
		d.unreadable(path, start(node), writeOut)
		return
	}
	d.values = append(d.values, value{path: path, at: target})

	if parse, ok := d.terms.parsers[target.Type()]; ok {
		d.decodeText(path, node, func(text string) error {
			parsed, err := parse(text)
			if err == nil {
				target.Set(reflect.ValueOf(parsed))
			}
			return err
		})
		return
	}
	isMapping, isList := node.Kind == yaml.MappingNode, node.Kind == yaml.SequenceNode
	if words, ok := reflect.TypeAssert[encoding.TextUnmarshaler](target.Addr()); ok && !(target.Kind() == reflect.Struct && (isMapping || isList)) {
		d.decodeText(path, node, func(text string) error { return words.UnmarshalText([]byte(text)) })
		return
	}
	switch target.Kind() {
	case reflect.Pointer:
		target.Set(reflect.New(target.Type().Elem()))
		d.values = d.values[:len(d.values)-1]
		d.decode(path, node, target.Elem())
	case reflect.Struct:
		if items := fieldTagged(target, "items"); items.IsValid() && isList {
			d.decode(path, node, items)
			return
		}
		if !isMapping || !hasKeys(target.Type()) {
			d.unreadable(path, start(node), "expected %s, found %s", expectedOf(target.Type()), kindOf(node))
			return
		}
		d.decodeStruct(path, node, target)
	case reflect.Slice:
		if _, named := tagged(target.Type().Elem(), "key"); named {
			if !isMapping {
				d.unreadable(path, start(node), "expected names, each with its value, found %s", kindOf(node))
				return
			}
			d.decodeNamed(path, node, target)
			return
		}
		nodes := []*yaml.Node{node}
		if isList {
			nodes = node.Content
		} else if isNull(node) {
			d.unreadable(path, start(node), "the value is missing; write a list, such as [a, b], or []")
			return
		}
		target.Set(reflect.MakeSlice(target.Type(), len(nodes), len(nodes)))
		for i, item := range nodes {
			d.decode(fmt.Sprintf("%s[%d]", path, i), item, target.Index(i))
		}
	case reflect.Map:
		if !isMapping {
			d.unreadable(path, start(node), "expected names, each with its value, found %s", kindOf(node))
			return
		}
		d.decodeMap(path, node, target)
	case reflect.String:
		d.decodeText(path, node, func(text string) error {
			target.SetString(text)
			v, limited := d.terms.words[target.Type()]
			if limited && !slices.Contains(v.words, text) {
				return fmt.Errorf("unknown %s %q; %s", v.noun, text, v.instead(text))
			}
			return nil
		})
	case reflect.Int:
		d.decodeText(path, node, func(text string) error {
			number, err := strconv.Atoi(text)
			if err != nil {
				return fmt.Errorf("expected a whole number, found %q", text)
			}
			target.SetInt(int64(number))
			return nil
		})
	case reflect.Bool:
		d.decodeText(path, node, func(text string) error {
			if text != "true" && text != "false" {
				return fmt.Errorf("expected true or false, found %q", text)
			}
			target.SetBool(text == "true")
			return nil
		})
	case reflect.Interface:
		if v, ok := d.plain(path, node); ok {
			target.Set(reflect.ValueOf(v))
		}
	default:
		panic("yamlfile: no way to read a " + target.Type().String())
	}
}

// decodeText hands a single value's text to set.
func (d *Document) decodeText(path string, node *yaml.Node, set func(string) error) {
	text, ok := scalar(node)
	if !ok {
		d.unreadable(path, start(node), "expected a single value, found %s", kindOf(node))
		return
	}
	if isNull(node) {
		d.unreadable(path, start(node), "the value is missing; write one, or leave the key out")
		return
	}
	// Conditions are marked inside their text: point at its first letter.
	at := start(node)
	if node.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0 {
		d.positions[path] = Position{Line: at.Line, Column: at.Column + 1}
	}
	if err := set(text); err != nil {
		d.unreadable(path, at, "%s", err)
	}
}

// decodeStruct reads a mapping's keys into the fields of the same names.
func (d *Document) decodeStruct(path string, mapping *yaml.Node, target reflect.Value) {
	fields := fieldsOf(target.Type())
	rest := fieldTagged(target, "rest")
	seen, meant := map[string]Position{}, map[string]bool{}
	for entry := range d.entries(mapping, seen) {
		field, known := fields[entry.name]
		if !known {
			if rest.IsValid() {
				if v, ok := d.plainEntry(path, entry); ok {
					if rest.IsNil() {
						rest.Set(reflect.ValueOf(map[string]any{}))
					}
					rest.SetMapIndex(reflect.ValueOf(entry.name), reflect.ValueOf(v))
				}
				continue
			}
			meant[Nearest(entry.name, names(fields))] = true
			d.addAt(entry.at, "unknown key %q; %s", entry.name, Instead(entry.name, names(fields)))
			continue
		}
		into, here := target.FieldByIndex(field.index), join(path, entry.name)
		switch empty := isNull(entry.node); {
		case empty && field.mayBeEmpty:
			continue
		case empty && field.required:
			d.unreadable(here, entry.at, "%q has no value; write one%s", entry.name, field.suchAs(entry.name))
			continue
		}
		d.decodeEntry(here, entry, into)
		if field.required && into.Kind() == reflect.String && into.String() == "" && !d.Unread(here) {
			d.unreadable(here, d.Position(here), "the text is empty; write it")
		}
	}
	for _, name := range names(fields) {
		if _, given := seen[name]; !fields[name].required || given {
			continue
		}
		d.noteUnread(join(path, name))
		if !meant[name] {
			at := d.Position(path)
			if path == "" {
				at = start(mapping)
			}
			d.addAt(at, "the key %q is missing here; add it%s", name, fields[name].suchAs(name))
		}
	}
}

// decodeNamed reads a mapping of one's own names into a slice, in its order.
func (d *Document) decodeNamed(path string, mapping *yaml.Node, target reflect.Value) {
	entries := slices.Collect(d.entries(mapping, map[string]Position{}))
	target.Set(reflect.MakeSlice(target.Type(), len(entries), len(entries)))
	for i, e := range entries {
		item := target.Index(i)
		key := fieldTagged(item, "key")
		d.decodeKey(path, e, key)
		if whole := fieldTagged(item, "value"); whole.IsValid() {
			d.values = append(d.values, value{path: join(path, e.name), at: item})
			item = whole
		}
		d.decodeEntry(join(path, e.name), e, item)
	}
}

// decodeKey reads a name of one's own.
func (d *Document) decodeKey(path string, e entry, key reflect.Value) {
	if parse, ok := d.terms.parsers[key.Type()]; ok {
		parsed, err := parse(e.name)
		if err != nil {
			d.unreadable(join(path, e.name), e.at, "%s", err)
			return
		}
		key.Set(reflect.ValueOf(parsed))
		return
	}
	if key.Kind() == reflect.Int {
		number, err := strconv.Atoi(e.name)
		if err != nil {
			d.unreadable(path, e.at, "expected a whole number, found %q", e.name)
		}
		key.SetInt(int64(number))
		return
	}
	key.SetString(e.name)
	if v, limited := d.terms.words[key.Type()]; limited && !slices.Contains(v.words, e.name) {
		d.unreadable(path, e.at, "unknown %s %q; %s", v.noun, e.name, v.instead(e.name))
	}
}

// decodeMap reads a mapping whose keys are words of the map's key type.
func (d *Document) decodeMap(path string, mapping *yaml.Node, target reflect.Value) {
	target.Set(reflect.MakeMap(target.Type()))
	keyType, valueType := target.Type().Key(), target.Type().Elem()
	for e := range d.entries(mapping, map[string]Position{}) {
		if v, limited := d.terms.words[keyType]; limited && !slices.Contains(v.words, e.name) {
			d.unreadable(path, e.at, "unknown %s %q; %s", v.noun, e.name, v.instead(e.name))
		}
		item := reflect.New(valueType).Elem()
		d.decodeEntry(join(path, e.name), e, item)
		target.SetMapIndex(reflect.ValueOf(e.name).Convert(keyType), item)
	}
}

// decodeEntry reads one entry's value; what is wrong with a whole mapping is
// shown at its key.
func (d *Document) decodeEntry(path string, e entry, target reflect.Value) {
	d.keys[path] = e.at
	if e.node.Kind == yaml.MappingNode || e.node.Kind == yaml.SequenceNode || isNull(e.node) {
		d.positions[path] = e.at
	}
	if isNull(e.node) {
		d.unreadable(path, e.at, "%q has no value; write one, or leave it out", e.name)
		return
	}
	d.decode(path, e.node, target)
}

// entry is one key of a mapping with its value.
type entry struct {
	name string
	at   Position
	node *yaml.Node
}

// entries yields a mapping's entries; a key given twice is a problem.
func (d *Document) entries(mapping *yaml.Node, seen map[string]Position) iter.Seq[entry] {
	return func(yield func(entry) bool) {
		for pair := range slices.Chunk(mapping.Content, 2) {
			key, at := pair[0], start(pair[0])
			name, ok := scalar(key)
			switch first, twice := seen[name]; {
			case !ok || !isWrittenOut(key) || isNull(key):
				d.addAt(at, "expected a plain word as the key, found %s", kindOf(key))
			case len(name) > maxKey:
				d.addAt(at, "the key has %d bytes; write one of at most %d", len(name), maxKey)
			case twice:
				d.addAt(at, "the key %q stands here for the second time (first in line %d); keep one", name, first.Line)
			default:
				seen[name] = at
				if !yield(entry{name: name, at: at, node: pair[1]}) {
					return
				}
			}
		}
	}
}

// plain reads a value of any shape, as JSON knows it.
func (d *Document) plain(path string, node *yaml.Node) (any, bool) {
	text, isScalar := scalar(node)
	switch {
	case !isWrittenOut(node):
		d.addAt(start(node), writeOut)
		return nil, false
	case node.Kind == yaml.MappingNode:
		result := map[string]any{}
		for e := range d.entries(node, map[string]Position{}) {
			if v, ok := d.plainEntry(path, e); ok {
				result[e.name] = v
			}
		}
		return result, true
	case node.Kind == yaml.SequenceNode:
		result := make([]any, 0, len(node.Content))
		for i, item := range node.Content {
			here := fmt.Sprintf("%s[%d]", path, i)
			d.positions[here] = start(item)
			if v, ok := d.plain(here, item); ok {
				result = append(result, v)
			}
		}
		return result, true
	case node.ShortTag() == "!!bool":
		return text == "true", true
	case node.ShortTag() == "!!int", node.ShortTag() == "!!float":
		var number float64
		if node.Load(&number) == nil && !math.IsInf(number, 0) && !math.IsNaN(number) {
			return number, true
		}
	}
	return text, isScalar
}

// plainEntry reads one entry of a mapping of any shape; what is wrong with it is shown at its key.
func (d *Document) plainEntry(path string, e entry) (any, bool) {
	here := join(path, e.name)
	d.positions[here] = e.at
	return d.plain(here, e.node)
}

type field struct {
	index      []int
	required   bool
	mayBeEmpty bool
	example    string
}

// suchAs ends a sentence that asks for a key.
func (f field) suchAs(name string) string {
	if f.example == "" {
		return ""
	}
	return ", such as " + name + ": " + f.example
}

// fieldsOf lists the keys that a struct type knows, with those of a struct within it that is tagged
// ",inline".
func fieldsOf(t reflect.Type) map[string]field {
	fields := map[string]field{}
	for i := range t.NumField() {
		tag := t.Field(i).Tag.Get("yaml")
		if tag == ",inline" {
			for name, within := range fieldsOf(t.Field(i).Type) {
				within.index = append([]int{i}, within.index...)
				fields[name] = within
			}
		}
		name, option, _ := strings.Cut(tag, ",")
		if name != "" && name != "-" {
			fields[name] = field{index: []int{i}, required: option == "required", mayBeEmpty: option == "empty", example: t.Field(i).Tag.Get("example")}
		}
	}
	return fields
}

// fieldTagged returns the field with an option in place of a name (",key").
func fieldTagged(target reflect.Value, option string) reflect.Value {
	if field, ok := tagged(target.Type(), option); ok {
		return target.FieldByIndex(field.Index)
	}
	return reflect.Value{}
}

// tagged is the field of a struct type with an option in place of a name; of other types there is
// none.
func tagged(t reflect.Type, option string) (reflect.StructField, bool) {
	if t.Kind() == reflect.Struct {
		for field := range t.Fields() {
			if field.Tag.Get("yaml") == ","+option {
				return field, true
			}
		}
	}
	return reflect.StructField{}, false
}

func names(fields map[string]field) []string { return slices.Sorted(maps.Keys(fields)) }

// hasKeys reports whether a struct is written as a mapping.
func hasKeys(t reflect.Type) bool {
	_, open := tagged(t, "rest")
	return open || len(fieldsOf(t)) > 0
}

// expectedOf says what a struct is written as.
func expectedOf(t reflect.Type) string {
	if keys := names(fieldsOf(t)); len(keys) > 0 {
		return "the keys " + strings.Join(keys, ", ")
	}
	return "one word or a list"
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
