package message

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// sentIn are the packages that queue messages.
var sentIn = []string{"../plan", "../store"}

// First review: A8.
// A template can't be queued that has no entry: there is no variable of its name, and no other way
// to make one.
func TestEveryMessageIsSentBySomething(t *testing.T) {
	sent := map[string]bool{}
	for _, directory := range sentIn {
		err := filepath.WalkDir(directory, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.BinaryExpr: // what is only compared isn't sent
					return n.Op != token.EQL && n.Op != token.NEQ
				case *ast.SelectorExpr:
					if from, ok := n.X.(*ast.Ident); ok && from.Name == "message" {
						sent[n.Sel.Name] = true
					}
				}
				return true
			})
			return nil
		})
		require.NoError(t, err)
	}
	for _, template := range templates {
		require.True(t, sent[goName(template.name)], "%q is sent by nothing: send it in internal/plan/messages.go, or remove its entry", template.name)
	}
}
