// Package compose checks docker-compose.yml where there is no Docker: with the specification's own
// loader, against the variables that the programs know, and against what the image holds.
package compose

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/stretchr/testify/require"
)

const root = "../../"

// load reads the file as "docker compose config" does: schema, interpolation, merged anchors,
// dependencies.
func load(t *testing.T) *types.Project {
	t.Helper()
	options, err := cli.NewProjectOptions([]string{root + "docker-compose.yml"}, cli.WithConsistency(true), cli.WithInterpolation(true))
	require.NoError(t, err)
	project, err := options.LoadProject(t.Context())
	require.NoError(t, err)
	return project
}

// ours are the services that run a program of this project.
func ours(project *types.Project) map[string]types.ServiceConfig {
	services := map[string]types.ServiceConfig{}
	for name, service := range project.Services {
		if service.Build != nil {
			services[name] = service
		}
	}
	return services
}

func TestTheFileIsValidAndHasEveryService(t *testing.T) {
	require.ElementsMatch(t, []string{
		"postgresql", "temporal-schema", "temporal", "temporal-namespace", "temporal-ui", "mail", "issuer", "migrate", "load", "worker", "server",
	},
		load(t).ServiceNames())
}

func TestOurServicesSetOnlyVariablesThatTheProgramsRead(t *testing.T) {
	document, err := os.ReadFile(root + "docs/configuration.md")
	require.NoError(t, err)
	programs, _, _ := strings.Cut(string(document), "## The local stack")
	var known []string
	for _, match := range regexp.MustCompile("(?m)^\\| `([A-Z_]+)`").FindAllStringSubmatch(programs, -1) {
		known = append(known, match[1])
	}
	require.NotEmpty(t, known)
	for name, service := range ours(load(t)) {
		for variable, value := range service.Environment {
			require.Contains(t, known, variable, "service %s", name)
			require.NotNil(t, value, "service %s sets %s", name, variable)
		}
	}
}

func TestOurServicesStartProgramsThatTheImageHolds(t *testing.T) {
	dockerfile, err := os.ReadFile(root + "deploy/images/Dockerfile")
	require.NoError(t, err)
	held := regexp.MustCompile(`(?m)^COPY --from=build ((?:/out/\w+ )+)/$`).FindStringSubmatch(string(dockerfile))
	require.NotNil(t, held)
	entrypoint := regexp.MustCompile(`(?m)^ENTRYPOINT \["(.+)"\]$`).FindStringSubmatch(string(dockerfile))
	require.NotNil(t, entrypoint)
	programs := strings.Fields(strings.ReplaceAll(held[1], "/out", ""))
	for name, service := range ours(load(t)) {
		program := entrypoint[1]
		if len(service.Entrypoint) > 0 {
			program = service.Entrypoint[0]
		}
		require.Contains(t, programs, program, "service %s", name)
		if program == "/issuer" {
			continue
		}
		require.DirExists(t, root+strings.TrimPrefix(program, "/"), "service %s", name)
		for _, subcommand := range service.Command {
			require.True(t, mentions(t, root+strings.TrimPrefix(program, "/"), `"`+subcommand+`"`), "%s has no subcommand %s", program, subcommand)
		}
	}
}

// mentions tells whether a program's source holds a word.
func mentions(t *testing.T, folder, word string) bool {
	t.Helper()
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	return slices.ContainsFunc(entries, func(entry os.DirEntry) bool {
		if !strings.HasSuffix(entry.Name(), ".go") || strings.HasSuffix(entry.Name(), "_test.go") {
			return false
		}
		source, err := os.ReadFile(folder + "/" + entry.Name())
		require.NoError(t, err)
		return strings.Contains(string(source), word)
	})
}

func TestTheIssuerAndTheServerAgree(t *testing.T) {
	project := load(t)
	issuer := project.Services["issuer"].Command
	at := slices.Index(issuer, "-url")
	require.GreaterOrEqual(t, at, 0)
	require.Equal(t, issuer[at+1], *project.Services["server"].Environment["RECOURSE_OIDC_ISSUER"])
}

func TestNothingIsReachableFromOutsideAndOursRunWithoutPrivileges(t *testing.T) {
	project := load(t)
	for name, service := range project.Services {
		for _, port := range service.Ports {
			require.Equal(t, "127.0.0.1", port.HostIP, "service %s", name)
		}
	}
	for name, service := range ours(project) {
		require.True(t, service.ReadOnly, "service %s", name)
		require.Equal(t, []string{"ALL"}, service.CapDrop, "service %s", name)
	}
	dockerfile, err := os.ReadFile(root + "deploy/images/Dockerfile")
	require.NoError(t, err)
	require.Contains(t, string(dockerfile), "\nUSER nonroot:nonroot\n")
}
