package main

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"recourse/internal/api"
)

// customer is who complains: made up from the seed, in either language. Nobody of them exists.
type customer struct {
	name, phone, email, language string
	narrative, remedy, channel   string
	project, unit, handedOver    string
	anger                        int
}

func (c customer) api() api.Customer {
	return api.Customer{Name: c.name, Phone: c.phone, Email: c.email, Language: api.Language(c.language)}
}

var names = map[string][2][]string{
	"en":    {{"Grace", "Omar", "Elena", "Samuel", "Priya", "Luis", "Hannah", "Kwame", "Ruth", "Viktor"}, {" Alvarez", " Brooks", " Cohen", " Diaz", " Edwards", " Fofana", " Grant", " Hussain", " Ivanova", " Jackson"}},
	"zh-CN": {{"陈", "林", "郭", "何", "梁", "宋", "郑", "谢", "韩", "唐"}, {"晓明", "丽华", "建国", "婷婷", "志强", "雪梅", "文博", "春燕", "海涛", "雅琴"}},
}

// phrases are what people write with a step, in the customer's language.
var phrases = map[string]map[string][]string{
	"story": {
		"en":    {"I have called twice and nobody could tell me what happens next.", "It began three weeks ago and has become worse.", "The person I spoke with was polite but could do nothing.", "I was promised an answer by Friday."},
		"zh-CN": {"我打过两次电话，没人能说清接下来怎么办。", "三周前就开始了，现在更严重。", "接电话的人很客气，但解决不了问题。", "之前答应周五前给我答复。"},
	},
	"remedy":   {"en": {"Please put it right.", "I want an apology and my costs back.", "Tell me who is in charge and when it will be done."}, "zh-CN": {"请尽快处理好。", "请道歉并赔偿我的损失。", "请告诉我由谁负责、什么时候办完。"}},
	"settled":  {"en": {"Cleared up on the telephone; the customer is content."}, "zh-CN": {"电话中已处理清楚，客户表示满意。"}},
	"invalid":  {"en": {"What was asked for is not something we do or may do."}, "zh-CN": {"所诉事项不在我方职责和权限之内。"}},
	"explain":  {"en": {"Explained why, and who may help instead."}, "zh-CN": {"已说明原因，并告知可以求助的单位。"}},
	"contact":  {"en": {"Told the customer who sees to it and what is being done."}, "zh-CN": {"已告知客户由谁处理以及目前进展。"}},
	"cause":    {"en": {"Checked the records and the place; the account is right in the main."}, "zh-CN": {"经核查记录和现场，客户反映基本属实。"}},
	"evidence": {"en": {"Records of the last month and two photographs."}, "zh-CN": {"近一个月的记录和两张照片。"}},
	"reasons":  {"en": {"In line with what was offered in like cases."}, "zh-CN": {"与以往同类情况的处理一致。"}},
	"decline":  {"en": {"That doesn't make up for what happened."}, "zh-CN": {"这不足以弥补我的损失。"}},
	"agree":    {"en": {"Yes, thank you."}, "zh-CN": {"同意，谢谢。"}},
	"result":   {"en": {"Done as agreed; shown to the customer."}, "zh-CN": {"已按约定完成，并请客户查看。"}},
	"rest":     {"en": {"The customer is away until then."}, "zh-CN": {"客户在此之前不在本地。"}},
	"withdraw": {"en": {"It has settled itself."}, "zh-CN": {"问题已经自行解决。"}},
	"close":    {"en": {"Answered in full; nothing is left open."}, "zh-CN": {"已全部答复，无遗留事项。"}},
	"rate":     {"en": {"Thank you for seeing to it."}, "zh-CN": {"感谢你们的处理。"}},
	"grumble":  {"en": {"It took too long, and I had to ask again and again."}, "zh-CN": {"处理太慢，我催了好几次。"}},
}

// say is one of the phrases, always the same for a customer.
func (c customer) say(what string) string {
	from := phrases[what][c.language]
	return from[c.anger%len(from)]
}

func drawCustomer(s *script, values map[string]string) customer {
	random := s.random
	language := pick(random, "en", "en", "zh-CN")
	both := names[language]
	c := customer{
		name: pick(random, both[0]...) + pick(random, both[1]...), language: language,
		phone: fmt.Sprintf("+1 212 555 01%02d", random.IntN(100)), email: strings.ToLower(s.row.ID) + "@customers.example.com",
		channel: pick(random, "phone", "phone", "phone", "email", "letter", "visit", "web"), anger: 1 + random.IntN(5),
		project: pick(random, "riverside", "lakeview"), unit: fmt.Sprintf("%d-%d-%d0%d", 1+random.IntN(20), 1+random.IntN(4), 1+random.IntN(18), 1+random.IntN(4)),
		handedOver: fmt.Sprintf("20%02d-%02d-15", 18+random.IntN(8), 1+random.IntN(12)),
	}
	c.narrative, c.remedy = c.tell(random, values), pick(random, phrases["remedy"][language]...)
	return c
}

// tell is what the customer says: what the row has, in their own words.
func (c customer) tell(random *rand.Rand, values map[string]string) string {
	about := values["complaint_type"]
	if values["descriptor"] != "" {
		about += ": " + values["descriptor"]
	}
	if values["borough"] != "" {
		about += " (" + values["borough"] + ")"
	}
	story := pick(random, phrases["story"][c.language]...)
	if c.language == "zh-CN" {
		return about + "。" + story
	}
	return about + ". " + story
}
