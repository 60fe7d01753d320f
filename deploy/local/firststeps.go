package main

import (
	"cmp"
	"fmt"

	"recourse/deploy/issuer"
	"recourse/deploy/stack"
	"recourse/internal/rulebook"
)

// firstProcedure is the one that the first complaint follows.
const firstProcedure = "courier-station"

// sayFirstSteps ends the start: where everything is, and a command that works as printed.
func (s settings) sayFirstSteps(servers *stack.Stack, shipped *rulebook.Edition) {
	say(`
Recourse is running on this machine.

  API            %s        its description: /docs
  Temporal UI    %s
  Mail sink      %s        what Recourse sent
  Tokens         %s/<person>
  Logs           %s

Register a first complaint:

%s

Ctrl-C stops everything; “make run” finds it all again.`,
		webAddress(s.APIPort), cmp.Or(servers.Temporal.UIAddress, "(your own, beside "+servers.Temporal.Address+")"), webAddress(s.MailPort),
		s.path("tokens"), s.path("log"), s.firstComplaint(firstPerson(shipped)))
}

// firstBody is the first complaint, as the API wants it.
const firstBody = `{"procedure":"courier-station","channel":"phone","narrative":"Parcel left at the wrong door, twice.",
       "remedy_asked":"delivery today","category":"operations.mistake",
       "customer":{"name":"Wang Fang","phone":"+86 139 0000 0000","email":"wang.fang@example.com","language":"zh-CN"},
       "fields":{"waybill":"SF1234567890"}}`

// firstComplaint is the command that registers one. Each time it is pasted it registers another.
func (s settings) firstComplaint(person string) string {
	return fmt.Sprintf(`curl -sS %s/v1/complaints \
  -H "Authorization: Bearer $(cat %s)" \
  -H "Idempotency-Key: first-$(date +%%s%%N)" \
  -H 'Content-Type: application/json' \
  -d '%s'`, webAddress(s.APIPort), quote(s.path("tokens", person)), firstBody)
}

// firstPerson is who registers it: the dispatcher of the courier station.
func firstPerson(shipped *rulebook.Edition) string {
	if people, known := shipped.Directory(firstProcedure); known {
		if duty, there := people.Duties["dispatcher"]; there {
			return string(duty.Primary)
		}
	}
	return issuer.People(shipped)[0]
}
