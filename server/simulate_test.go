package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSimulationPrintsWhatHappensWhenWithWhoIsTold(t *testing.T) {
	request := filepath.Join(t.TempDir(), "request.json")
	require.NoError(t, os.WriteFile(request, []byte(`{"start": "2026-02-13T08:00:00Z", "registration": {"category": "operations.mistake"}, "steps": [
		{"at": "2026-02-13T08:10:00Z", "by": "li-na", "step": "screen", "body": {"kind": "complaint", "valid": true, "category": "operations.mistake", "severity": "normal"}},
		{"at": "2026-02-13T08:20:00Z", "by": "huang-li", "step": "accept", "body": {}},
		{"at": "2026-02-13T08:30:00Z", "by": "zhao-lei", "step": "accept", "body": {}}]}`), 0o600))
	for language, lines := range map[string][]string{
		"en": {
			"courier-station@1 · Asia/Shanghai",
			"2026-02-13 16:20 CST                         Huang Li was refused the step “Accept”. Only those with a part in a complaint know of it, and never its subjects.",
			"2026-02-14 16:10 CST  contact  due   tier 1  The clock “Customer contacted” reached its due time. → Yang Fan, Zhang Min",
			"2026-02-24 16:40 CST  contact  +8wh  tier 3  The clock “Customer contacted” reached 8 working hours after its due time. → Ma Chao",
		},
		"zh-CN": {"黄丽的“接收”被拒绝。 仅参与办理的人员可知悉投诉，当事人须回避。", "第1级", "“联系客户”已到“到期”节点。 → 杨帆、张敏", "contact  到期    第1级"},
	} {
		said, err := command(t, "simulate", "-request", request, "-language", language)
		require.NoError(t, err)
		for _, line := range lines {
			require.Contains(t, said, line)
		}
	}
	said, err := command(t, "simulate", "-request", request, "-messages")
	require.NoError(t, err)
	require.Contains(t, said, "→ Ma Chao (decision_handed_over)")
	require.Contains(t, said, "Li Na took the step “Register”. → The customer (customer_received)", "a message stands with what it tells of")
	_, err = command(t, "simulate", "-procedure", "corner-shop")
	require.EqualError(t, err, `no procedure "corner-shop" comes with the software; those that do are courier-station, real-estate-project`)

	require.NoError(t, os.WriteFile(request, []byte(`{"steps": [{"at": "2026-02-13T08:10:00Z", "by": "li-na", "step": "screen", "body": {"colour": "red"}}]}`), 0o600))
	_, err = command(t, "simulate", "-request", request)
	require.ErrorContains(t, err, "/steps/0/body/colour There is no such field.")
}

func TestEveryProcedureThatComesWithTheSoftwareCanBeSimulated(t *testing.T) {
	files, err := shipped()
	require.NoError(t, err)
	for id := range files.Procedures {
		for _, language := range []string{"en", "zh-CN"} {
			said, err := command(t, "simulate", "-procedure", id, "-language", language)
			require.NoError(t, err)
			require.Contains(t, said, "+4wh", "nobody acted: it climbed")
		}
	}
}

func TestSimulationNeedsNoDatabase(t *testing.T) {
	var out strings.Builder
	require.NoError(t, run(t.Context(), []string{"simulate", "-procedure", "courier-station", "-request", "-"},
		strings.NewReader(`{"start":"2026-02-13T09:30:00Z"}`), &out))
	require.Contains(t, out.String(), "2026-02-13 18:30 CST")
	require.Error(t, run(t.Context(), []string{"fly"}, os.Stdin, &out))
}
