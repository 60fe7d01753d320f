package yamlfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// Bounds of a file. A procedure of the longest kind is a tenth of them.
const (
	maxBytes = 256 << 10
	maxDepth = 40  // nested brackets, and likewise nested lines
	maxKey   = 200 // bytes; a value's path is made of the keys around it
)

// parse turns the text into one tree.
func (d *Document) parse(data []byte) (*yaml.Node, bool) {
	if len(data) > maxBytes {
		d.Addf("", "the file has %d bytes; keep it under %d", len(data), maxBytes)
		return nil, false
	}
	if at := directive(data); at >= 0 {
		d.addAt(placeIn(data, at), "directives (%%) are not read here; take the line out")
		return nil, false
	}
	bounds := loaderlimits.New(loaderlimits.DepthFunc(shallow))
	loader, err := yaml.NewLoader(bytes.NewReader(data), yaml.WithPlugin(bounds))
	if err != nil {
		panic(err) // only for options that there aren't
	}
	var bodies []*yaml.Node
	for len(bodies) < 2 {
		var document yaml.Node
		err := loader.Load(&document)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			d.notYAML(data, err)
			return nil, false
		}
		if body := document.Content[0]; !isNull(body) {
			bodies = append(bodies, body)
		}
	}
	switch len(bodies) {
	case 0:
		d.Addf("", "the file is empty")
		return nil, false
	case 1:
		return bodies[0], true
	default:
		d.addAt(start(bodies[1]), "a second document begins here; write one file for each")
		return nil, false
	}
}

var errTooDeep = fmt.Errorf("nested too deep; at most %d levels are read", maxDepth)

// shallow refuses nesting that no person writes, before it is followed.
func shallow(depth int, _ *yaml.DepthContext) error {
	if depth > maxDepth {
		return errTooDeep
	}
	return nil
}

const writeOut = "anchors (&), aliases (*) and tags (!) are not read here; write the value out"

// notYAML tells why the text can't be read.
func (d *Document) notYAML(data []byte, err error) {
	var wrong *yaml.LoadError
	if !errors.As(err, &wrong) {
		d.Addf("", "this is not YAML: %s", err)
		return
	}
	at := Position{Line: wrong.Mark.Line, Column: wrong.Mark.Column}
	switch {
	case wrong.Message == errTooDeep.Error():
		d.addAt(at, "%s", errTooDeep)
	case wrong.Stage == yaml.ReaderStage:
		d.addAt(placeIn(data, wrong.Mark.Index), "this is not UTF-8 text: %s; save the file as UTF-8", wrong.Message)
	case wrong.Stage == yaml.ComposerStage: // an alias of nothing
		d.addAt(at, writeOut)
	default:
		within := ""
		if begun := wrong.ContextMark.Line; begun > 0 && begun < at.Line {
			within = fmt.Sprintf(" in what begins in line %d", begun)
		}
		d.addAt(at, "this is not YAML: %s%s; text that holds , [ ] { } # or \": \" stands in quotes", wrong.Message, within)
	}
}

// directive is where the first line begins that only YAML itself is told by, or -1. The library
// takes its time over many.
func directive(data []byte) int {
	for i, char := range data {
		if char == '%' && (i == 0 || data[i-1] == '\n' || data[i-1] == '\r') {
			return i
		}
	}
	return -1
}

// placeIn is the place of the byte at an offset.
func placeIn(data []byte, offset int) Position {
	before := data[:min(offset, len(data))]
	line := before[bytes.LastIndexByte(before, '\n')+1:]
	return Position{Line: bytes.Count(before, []byte("\n")) + 1, Column: utf8.RuneCount(line) + 1}
}

// isWrittenOut reports whether a node says its value right where it stands.
func isWrittenOut(node *yaml.Node) bool {
	return node.Kind != yaml.AliasNode && node.Anchor == "" && node.Style&yaml.TaggedStyle == 0 && node.Tag != "!!merge"
}

func isNull(node *yaml.Node) bool { return node.Kind == yaml.ScalarNode && node.ShortTag() == "!!null" }

// scalar is the text of a single value as written.
func scalar(node *yaml.Node) (string, bool) {
	if node.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		return strings.TrimRight(node.Value, "\n"), true
	}
	return node.Value, node.Kind == yaml.ScalarNode
}

func kindOf(node *yaml.Node) string {
	switch {
	case node.Kind == yaml.MappingNode:
		return "a mapping"
	case node.Kind == yaml.SequenceNode:
		return "a list"
	case isNull(node):
		return "nothing"
	case node.Kind == yaml.ScalarNode:
		return strconv.Quote(node.Value)
	}
	return "something else"
}

// start is where a value begins: for a mapping in lines its first key.
func start(node *yaml.Node) Position { return Position{Line: node.Line, Column: node.Column} }
