//! One broken file for each rule, and what its author is told.

use super::{
    ABBREVIATIONS, CENSUS, GLOSSARY, LESSON, NOISE, PICTURE, PLACEMENT, REVIEW, TARGETS, TEXT, TILES, TRACK, UNITS,
    add, faults_after, text_of,
};

/// File, what stands there, what is put in its place, and all faults that follow; those of the same file without its name.
type Broken = (&'static str, &'static str, &'static str, &'static [&'static str]);

pub(super) fn each_is_told(cases: &[Broken]) {
    for (path, from, to, expected) in cases {
        let told = faults_after(|files| {
            let text = text_of(files, path);
            assert!(text.contains(from), "{path} has no {from:?}");
            add(files, path, &text.replacen(from, to, 1))
        });
        let own = format!("{path}:");
        let told: Vec<&str> = told.iter().map(|fault| fault.strip_prefix(&own).unwrap_or(fault)).collect();
        assert_eq!(told, *expected, "{path}: {from:?} became {to:?}");
    }
}

#[test]
fn faults_of_a_file_as_a_whole() {
    each_is_told(&[
        (
            TEXT,
            "## Chờ máy mình báo\n",
            "## Cho\u{300} ma\u{301}y mình báo\n",
            &["1: 2 marks stand apart from their letters (not NFC), the first after “## Cho”"],
        ),
        (LESSON, "minutes = 5 ", "minutes = five ", &["4: cannot be read: invalid boolean, expected `false`"]),
        (
            LESSON,
            "summary =",
            "sumary =",
            &[
                "2: cannot be read: unknown field `sumary`, expected one of `title`, `summary`, `order`, `minutes`, `skills`, `pass_percent`, `fact_date`, `review_date`, `source`, `question`",
            ],
        ),
        (
            LESSON,
            "minutes = 5",
            "minutes = \"5\"",
            &["4: cannot be read: invalid type: string \"5\", expected a whole number"],
        ),
        (
            ABBREVIATIONS,
            "names",
            "name",
            &["1: cannot be read: unknown field `name`, expected `names` or `abbreviation`"],
        ),
    ]);
}

#[test]
fn faults_of_a_track() {
    each_is_told(&[
        (TRACK, "title = \"Thanh toán điện tử\"\n", "", &["1: the track has no `title`"]),
        (
            TRACK,
            "summary = \"Trả tiền, nhận tiền bằng điện thoại, không sợ nhầm.\"",
            "summary = \" \"",
            &["2: `summary` is empty"],
        ),
        (TRACK, "order = 1", "order = 0", &["3: `order` is 0 (1 to 255)"]),
        (
            TRACK,
            "track.svg",
            "picture.svg",
            &[
                "tracks/thanh-toan/track.svg:1: nothing uses this picture",
                "4: picture “picture.svg” is not in the folder",
            ],
        ),
        (
            TRACK,
            "[[skill]]",
            "[[skill]]\nid = \"nhan-tien\"\ntitle = \"Hai lần\"\n[[skill]]",
            &["10: skill “nhan-tien” stands already in track “thanh-toan”"],
        ),
        (
            TRACK,
            "\"nhan-tien\"",
            "\"Nhận tiền\"",
            &[
                "7: “Nhận tiền” is no name for a skill: 1 to 48 lower-case letters without marks, digits and hyphens",
                "tracks/thanh-toan/vi-du/lesson.toml:5: skill “nhan-tien” is not in the track's track.toml",
                "tracks/thanh-toan/vi-du/practice.toml:4: skill “nhan-tien” is not in the track's track.toml",
            ],
        ),
        (
            TRACK,
            "id = \"nhan-tien\"\n",
            "",
            &[
                "6: a skill has no `id`",
                "tracks/thanh-toan/vi-du/lesson.toml:5: skill “nhan-tien” is not in the track's track.toml",
                "tracks/thanh-toan/vi-du/practice.toml:4: skill “nhan-tien” is not in the track's track.toml",
            ],
        ),
        (TRACK, "title = \"Nhận tiền chuyển khoản mà không bị lừa\"\n", "", &["6: a skill has no `title`"]),
        (TRACK, "Thanh toán điện tử\"", "Thanh toán OTP\"", &["1: “OTP” stands before its words “mã dùng một lần”"]),
    ]);
}

#[test]
fn faults_of_lesson_toml() {
    each_is_told(&[
        (LESSON, "title = \"Nghe tiền về rồi mới đưa hàng\"\n", "", &["1: the lesson has no `title`"]),
        (LESSON, "\"Bán hàng nhận chuyển khoản mà không bị lừa.\"", "\"\"", &["2: `summary` is empty"]),
        (LESSON, "order = 1 ", "order = 256 ", &["3: `order` is 256 (1 to 255)"]),
        (LESSON, "minutes = 5 ", "minutes = 21 ", &["4: `minutes` is 21 (1 to 20)"]),
        (LESSON, "pass_percent = 80", "pass_percent = 101", &["6: `pass_percent` is 101 (1 to 100)"]),
        (LESSON, "[\"nhan-tien\"]", "[]", &["5: `skills` is empty: which one does the lesson teach?"]),
        (
            LESSON,
            "[\"nhan-tien\"]",
            "[\"nhan-tien\", \"gui-tien\", \"nhan-tien\"]",
            &["5: skill “gui-tien” is not in the track's track.toml", "5: skill “nhan-tien” is named twice"],
        ),
        (
            LESSON,
            "fact_date = 2026-11-23",
            "fact_date = 2026-11-23T10:00:00",
            &["7: `fact_date` is not a day: write it as 2026-11-23"],
        ),
        (
            LESSON,
            "review_date = 2027-05-23",
            "review_date = 2026-11-23",
            &["8: `review_date` 2026-11-23 is not after `fact_date` 2026-11-23"],
        ),
        (
            LESSON,
            "review_date = 2027-05-23",
            "review_date = 2027-11-24",
            &["8: `review_date` 2027-11-24 is more than 12 months after `fact_date` 2026-11-23"],
        ),
        (LESSON, "review_date = 2027-05-23", "review_date = 2027-11-23", &[]),
        (
            LESSON,
            "[[source]]                   # every fact in the lesson is covered by a source: document, number, date\nstill = \"Vẫn được nhắc lại năm 2026\"   # only where it is more than five years older than fact_date: why it still holds\ndocument = \"Cảnh báo 24 hình thức lừa đảo trên mạng\"\npublisher = \"Cục An toàn thông tin\"\nnumber = \"\"                  # the number of a legal document, or empty for others\ndate = \"2023-07\"             # year, year-month or year-month-day\nfacts = [\"C1.1\", \"C2.11\"]\n",
            "",
            &["1: the lesson names no source"],
        ),
        (LESSON, "document = \"Cảnh báo 24 hình thức lừa đảo trên mạng\"\n", "", &["10: a source has no `document`"]),
        (
            LESSON,
            "date = \"2023-07\"",
            "date = \"7/2023\"",
            &["15: the source's date is “7/2023”: write 2026, 2026-11 or 2026-11-23"],
        ),
        (
            LESSON,
            "date = \"2023-07\" ",
            "date = \"2023-13\" ",
            &["15: the source's date is “2023-13”: write 2026, 2026-11 or 2026-11-23"],
        ),
        (
            LESSON,
            "date = \"2023-07\" ",
            "date = \"2023-02-29\" ",
            &["15: the source's date is “2023-02-29”: write 2026, 2026-11 or 2026-11-23"],
        ),
    ]);
}

#[test]
fn faults_of_questions() {
    each_is_told(&[
        (
            LESSON,
            "id = \"dau-hieu\"",
            "id = \"anh-chup\"",
            &[
                "33: question “anh-chup” stands already in line 20",
                "tracks/thanh-toan/vi-du/review.toml:15: the lesson has no question “dau-hieu”",
            ],
        ),
        (
            LESSON,
            "id = \"dau-hieu\"",
            "id = \"Dấu hiệu\"",
            &["33: “Dấu hiệu” is no name for a question: 1 to 48 lower-case letters without marks, digits and hyphens"],
        ),
        (LESSON, "id = \"dau-hieu\"\n", "", &["32: question has no `id`"]),
        (
            LESSON,
            "kind = \"single\"",
            "kind = \"one\"",
            &["21: question “anh-chup” is of kind “one” (single, multiple, order or truth)"],
        ),
        (LESSON, "because = \"Tiền về rồi mới đưa hàng.\"\n", "", &["49: question “thu-tu” has no `because`"]),
        (LESSON, "text = \"Bán hàng: việc nào trước, việc nào sau?\"", "text = \"\"", &["52: `text` is empty"]),
        (
            LESSON,
            "text = \"Chờ máy mình báo tiền về\"\nright = true",
            "text = \"Chờ máy mình báo tiền về\"\nwhy = \"Đúng thế.\"",
            &["19: question “anh-chup” has 0 right choices (exactly 1)"],
        ),
        (
            LESSON,
            "why = \"Ảnh trông rất thật nên dễ tin. Nhưng ảnh làm giả được. Chờ máy mình báo.\"",
            "right = true",
            &["19: question “anh-chup” has 2 right choices (exactly 1)"],
        ),
        (
            LESSON,
            "why = \"Ảnh trông rất thật nên dễ tin. Nhưng ảnh làm giả được. Chờ máy mình báo.\"\n",
            "",
            &["24: the wrong choice “Đưa hàng luôn” has no `why`: why it tempts, and what is right"],
        ),
        (
            LESSON,
            "text = \"Chờ máy mình báo tiền về\"\n",
            "text = \"Chờ máy mình báo tiền về\"\nwhy = \"Đúng thế.\"\n",
            &["29: the `why` of the right choice “Chờ máy mình báo tiền về” is never shown: use `because`"],
        ),
        (
            LESSON,
            "text = \"Chờ máy mình báo tiền về\"\n",
            "text = \"đưa hàng luôn\"\n",
            &["28: question “anh-chup” has the choice “đưa hàng luôn” twice"],
        ),
        (
            LESSON,
            "why = \"Ảnh ấy ở máy người ta. Mình không biết thật hay giả.\"",
            "right = true",
            &["32: question “dau-hieu” has no wrong choice"],
        ),
        (
            LESSON,
            "text = \"Máy mình báo tiền về\"\nright = true\n[[question.choice]]\ntext = \"Tiền còn lại trong máy mình tăng lên\"\nright = true",
            "text = \"Máy mình báo tiền về\"\nwhy = \"Một.\"\n[[question.choice]]\ntext = \"Tiền còn lại trong máy mình tăng lên\"\nwhy = \"Hai.\"",
            &["32: question “dau-hieu” has no right choice"],
        ),
        (
            LESSON,
            "why = \"Khách phải trả tiền trước đã.\"",
            "right = true",
            &[
                "54: “Khách quét mã trả tiền” has no `why`: why it stands where it stands",
                "56: an `order` question has no `right`: its choices stand in the right order here",
            ],
        ),
        (LESSON, "why = \"Khách phải trả tiền trước đã.\"", "why = \"\"", &["56: `why` is empty"]),
        (LESSON, "truth = false\n", "", &["65: question “anh-la-that” has no `truth`"]),
        (
            LESSON,
            "why = \"Nhiều người nghĩ thế vì ảnh rất giống thật. Nhưng ảnh làm giả được.\"\n",
            "",
            &["65: question “anh-la-that” has no `why`"],
        ),
        (
            LESSON,
            "kind = \"multiple\"",
            "kind = \"multiple\"\ntruth = true\nwhy = \"Vì thế.\"",
            &[
                "35: question “dau-hieu”: `truth` belongs to a `truth` question",
                "36: question “dau-hieu”: `why` belongs to a `truth` question",
            ],
        ),
        (
            LESSON,
            "[[question.choice]]\ntext = \"Vì ảnh bị mờ\"\nwhy = \"Ảnh giả có thể rất rõ. Rõ hay mờ không nói lên điều gì.\"",
            "",
            &["65: question “anh-la-that” has 1 choice (2 to 5)"],
        ),
        (
            LESSON,
            "[[question.choice]]\ntext = \"Đưa hàng luôn\"\nwhy = \"Ảnh trông rất thật nên dễ tin. Nhưng ảnh làm giả được. Chờ máy mình báo.\"\n",
            "[[question.choice]]\ntext = \"A1\"\nwhy = \"1\"\n[[question.choice]]\ntext = \"A2\"\nwhy = \"1\"\n[[question.choice]]\ntext = \"A3\"\nwhy = \"1\"\n[[question.choice]]\ntext = \"A4\"\nwhy = \"1\"\n[[question.choice]]\ntext = \"A5\"\nwhy = \"1\"\n",
            &[
                "19: question “anh-chup” has 0 right choices (exactly 1)",
                "19: question “anh-chup” has 6 choices (2 to 5)",
            ],
        ),
        (
            LESSON,
            "text = \"Đưa hàng luôn\"\nwhy = \"Ảnh trông rất thật nên dễ tin. Nhưng ảnh làm giả được. Chờ máy mình báo.\"\n[[question.choice]]\ntext = \"Chờ máy mình báo tiền về\"\nright = true",
            "text = \"Chờ máy mình báo tiền về\"\nright = true\n[[question.choice]]\ntext = \"Đưa hàng luôn\"\nwhy = \"Ảnh trông rất thật nên dễ tin. Nhưng ảnh làm giả được. Chờ máy mình báo.\"",
            &["19: the right choice always stands in place 1: move some"],
        ),
    ]);
}

#[test]
fn faults_of_steps() {
    each_is_told(&[
        (TEXT, "## Chờ máy", "Chào bà con.\n\n## Chờ máy", &["1: nothing stands before the first `## ` heading"]),
        (TEXT, "## Chờ máy mình báo", "# Chờ máy mình báo", &["1: headings begin with `## `"]),
        (TEXT, "## Chờ máy mình báo", "##", &["1: a heading says nothing"]),
        (
            TEXT,
            "![Cô bán rau nghe điện thoại báo tiền về](nghe-bao-tien.svg)\n\n",
            "",
            &[
                "tracks/thanh-toan/vi-du/nghe-bao-tien.svg:1: nothing uses this picture",
                "1: step “Chờ máy mình báo” begins with its picture: `![what it shows](file.svg)`",
            ],
        ),
        (
            TEXT,
            "[Cô bán rau nghe điện thoại báo tiền về]",
            "[]",
            &["3: picture “nghe-bao-tien.svg” does not say what it shows"],
        ),
        (
            TEXT,
            "](nghe-bao-tien.svg)",
            "](nghe-bao-tien.svg \"Nghe\")",
            &["3: a picture has no title, only `![what it shows](file.svg)`"],
        ),
        (
            TEXT,
            "](nghe-bao-tien.svg)",
            "](nghe-bao-tien.svg) Nghe đã",
            &["3: a picture stands alone, with an empty line above and below"],
        ),
        (
            TEXT,
            "Khách trả tiền bằng điện thoại. Bà con chờ",
            "![Hai](gio-anh.svg)\n\nBà con chờ",
            &["5: step “Chờ máy mình báo” has a second picture, “gio-anh.svg”"],
        ),
        (
            TEXT,
            "Khách trả tiền",
            "Khách ![nhìn](gio-anh.svg) trả tiền",
            &["5: a picture stands alone, with an empty line above and below"],
        ),
        (
            TEXT,
            "Có tiền rồi mới đưa hàng.",
            "Có tiền rồi mới đưa hàng cho người ta mang về nhà, bà con nhé.",
            &["5: sentence of 15 words (at most 12): “Có tiền rồi mới đưa hàng cho người ta mang về nhà, bà con nhé.”"],
        ),
        (
            TEXT,
            "Có tiền rồi mới đưa hàng.",
            "Có tiền rồi.\nMới đưa hàng cho người ta mang\nvề nhà, bà con nhé, đừng có vội.",
            &[
                "6: sentence of 15 words (at most 12): “Mới đưa hàng cho người ta mang về nhà, bà con nhé, đừng có vội.”",
            ],
        ),
        (
            TEXT,
            "Có tiền rồi mới đưa hàng.",
            "Một.\n\nHai. Ba. Bốn.",
            &["7: step “Chờ máy mình báo” has more than 4 sentences: “Ba.”"],
        ),
        (
            TEXT,
            "Khách trả tiền bằng điện thoại. Bà con chờ máy mình báo. Có tiền rồi mới đưa hàng.",
            "",
            &["1: step “Chờ máy mình báo” has no text"],
        ),
        (
            TEXT,
            "Khách trả tiền bằng điện thoại.",
            "- Khách trả tiền bằng điện thoại.",
            &["1: step “Chờ máy mình báo” has no text", "5: step “Chờ máy mình báo” has a list: write sentences"],
        ),
        (
            TEXT,
            "> Khách đưa ảnh đã chuyển. Bà con đừng vội tin, vì ảnh làm giả được.",
            "> Một.\n\nHai.\n\n> Ba.",
            &[
                "15: step “Ảnh không phải là tiền” goes on after what the voice reads (`> …`)",
                "17: step “Ảnh không phải là tiền” has a second quote (`> …`)",
            ],
        ),
        (
            TEXT,
            "> Khách đưa ảnh đã chuyển. Bà con đừng vội tin, vì ảnh làm giả được.",
            ">",
            &["7: step “Ảnh không phải là tiền” has an empty quote (`>`)"],
        ),
        (
            TEXT,
            "](gio-anh.svg)",
            "](anh-khac.svg)",
            &[
                "tracks/thanh-toan/vi-du/gio-anh.svg:1: nothing uses this picture",
                "9: picture “anh-khac.svg” is not in the folder",
            ],
        ),
        (
            TEXT,
            "](gio-anh.svg)",
            "](nghe-bao-tien.svg)",
            &[
                "tracks/thanh-toan/vi-du/gio-anh.svg:1: nothing uses this picture",
                "9: picture “nghe-bao-tien.svg” is used already in line 3",
            ],
        ),
        (
            TEXT,
            "## Nói với khách một câu",
            "## Làm thật",
            &[
                "tracks/thanh-toan/vi-du/noi-voi-khach.svg:1: nothing uses this picture",
                "1: 3 steps (4 to 7)",
                "21: “Làm thật” has 0 points (1 to 3)",
                "23: “Làm thật” holds points only: `- …`",
                "25: “Làm thật” holds points only: `- …`",
                "32: `## Làm thật` stands here a second time",
            ],
        ),
    ]);
}

#[test]
fn faults_of_closing_parts() {
    each_is_told(&[
        (
            TEXT,
            "## Ghi nhớ\n\n- Chờ máy mình báo tiền.\n- Ảnh không phải là tiền.\n\n",
            "",
            &["1: the closing part `## Ghi nhớ` is missing"],
        ),
        (TEXT, "- Ảnh không phải là tiền.\n", "", &["27: “Ghi nhớ” has 1 point (2 to 4)"]),
        (TEXT, "- Ảnh không phải là tiền.\n", "Ảnh không phải là tiền.\n", &["27: “Ghi nhớ” has 1 point (2 to 4)"]),
        (
            TEXT,
            "- Ảnh không phải là tiền.\n",
            "\nẢnh không phải là tiền.\n",
            &["27: “Ghi nhớ” has 1 point (2 to 4)", "31: “Ghi nhớ” holds points only: `- …`"],
        ),
        (TEXT, "- Ảnh không phải là tiền.\n", "- Ảnh.\n-\n", &["31: an empty point"]),
        (
            TEXT,
            "- Ảnh không phải là tiền.\n",
            "- Ảnh.\n  - Nhỏ.\n",
            &["31: a list inside something else is not used here: write plain text"],
        ),
        (TEXT, "- Hôm nay,", "- Một.\n- Hai.\n- Hôm nay,", &["32: “Làm thật” has 4 points (1 to 3)"]),
        (TEXT, "- Hôm nay,", "1. Hôm nay,", &["34: a numbered list is not used here: write plain text"]),
        (
            TEXT,
            "Bà con cứ nhận tiền mặt. Hoặc nhờ con cháu xem máy báo rồi mới đưa hàng.\n",
            "",
            &["37: “Không có điện thoại thông minh” says nothing"],
        ),
        (
            TEXT,
            "Bà con cứ nhận tiền mặt.",
            "- Bà con cứ nhận tiền mặt.",
            &[
                "37: “Không có điện thoại thông minh” says nothing",
                "39: “Không có điện thoại thông minh” holds plain text only",
            ],
        ),
        (
            TEXT,
            "## Làm thật",
            "## Ghi nhớ\n\n- Một.\n- Hai.\n\n## Làm thật",
            &["32: `## Ghi nhớ` stands here a second time"],
        ),
        (
            TEXT,
            "## Không có điện thoại thông minh",
            "## Không có điện thoại",
            &[
                "1: the closing part `## Không có điện thoại thông minh` is missing",
                "37: step “Không có điện thoại” begins with its picture: `![what it shows](file.svg)`",
                "37: step “Không có điện thoại” stands after the closing part “Làm thật”",
            ],
        ),
    ]);
}

#[test]
fn faults_of_markup() {
    each_is_told(&[
        (
            TEXT,
            "Bà con đừng vội tin. Ảnh",
            "Bà con **đừng** vội *tin*. Ảnh",
            &[
                "11: emphasis (`*`, `_`) is not used here: write plain text",
                "11: emphasis (`*`, `_`) is not used here: write plain text",
            ],
        ),
        (
            TEXT,
            "Bà con đừng vội tin. Ảnh",
            "Bà con xem [ở đây](http://a.vn). Ảnh",
            &["11: a link is not used here: write plain text"],
        ),
        (
            TEXT,
            "Bà con đừng vội tin. Ảnh",
            "Bà con `đừng` tin. <b>Ảnh</b>",
            &[
                "11: HTML is not used here: write plain text",
                "11: HTML is not used here: write plain text",
                "11: code (between backticks) is not used here: write plain text",
            ],
        ),
        (
            TEXT,
            "Khách đưa ảnh đã chuyển. Bà con đừng vội tin. Ảnh",
            "---\n\n<div>Một.</div>\n\n    Hai.\n\n> - Ba.\n\nẢnh",
            &[
                "7: step “Ảnh không phải là tiền” has no text",
                "11: a line across the page is not used here: write plain text",
                "13: HTML is not used here: write plain text",
                "15: code (text that is indented or between ```) is not used here: write plain text",
                "17: a list inside something else is not used here: write plain text",
                "19: step “Ảnh không phải là tiền” goes on after what the voice reads (`> …`)",
                "21: step “Ảnh không phải là tiền” has a second quote (`> …`)",
            ],
        ),
    ]);
}

#[test]
fn faults_of_abbreviations() {
    each_is_told(&[
        (
            TEXT,
            "Có tiền rồi mới đưa hàng.",
            "Có OTP mới đưa hàng.",
            &["5: “OTP” stands before its words “mã dùng một lần”"],
        ),
        (TEXT, "Có tiền rồi mới đưa hàng.", "Có mã dùng một lần (OTP), mã QR, CH Play, OTP.", &[]),
        (
            TEXT,
            "Có tiền rồi mới đưa hàng.",
            "Có CCCD, CH, QRX mới đưa hàng. Có CCCD.",
            &[
                "5: “CCCD” is neither an abbreviation nor a name of abbreviations.toml",
                "5: “CH” is neither an abbreviation nor a name of abbreviations.toml",
                "5: “QRX” is neither an abbreviation nor a name of abbreviations.toml",
            ],
        ),
        (
            LESSON,
            "title = \"Nghe tiền về",
            "title = \"OTP: nghe tiền về",
            &["1: “OTP” stands before its words “mã dùng một lần”"],
        ),
        (
            LESSON,
            "why = \"Ảnh giả có thể rất rõ.",
            "why = \"Ảnh giả có thể ĐẸP.",
            &["77: “ĐẸP” is neither an abbreviation nor a name of abbreviations.toml"],
        ),
        (LESSON, "number = \"\" ", "number = \"12/QĐ-TTG\" ", &[]),
        (
            ABBREVIATIONS,
            "\"QR\"",
            "\"QR\", \"Zalo\", \"QR\", \"OTP\"",
            &[
                "1: “QR” is listed twice",
                "1: “Zalo” has no two capitals in a row, so it need not be listed",
                "3: “OTP” is listed twice",
            ],
        ),
        (ABBREVIATIONS, "words = \"mã dùng một lần\"\n", "", &["2: an abbreviation has no `words`"]),
    ]);
}

#[test]
fn faults_of_pictures() {
    each_is_told(&[
        (
            PICTURE,
            "<svg ",
            "<?xml version=\"1.0\"?><svg ",
            &["1: comments and declarations only add weight: leave them out"],
        ),
        (
            PICTURE,
            "<circle cx=\"1\"",
            "<!-- a stone --><circle cx=\"1\"",
            &["4: comments and declarations only add weight: leave them out"],
        ),
        (
            PICTURE,
            "<circle cx=\"1\"",
            "<text>Một</text><circle cx=\"1\"",
            &["4: <text> may not stand in a picture", "4: a picture holds no text"],
        ),
        (
            PICTURE,
            "<circle cx=\"1\"",
            "<script>go()</script><circle cx=\"1\"",
            &["4: <script> may not stand in a picture", "4: a picture holds no text"],
        ),
        (
            PICTURE,
            "<circle cx=\"1\"",
            "<circle id=\"a\" class=\"b\" style=\"c\" onclick=\"d\" href=\"e\" cx=\"1\"",
            &[
                "4: <circle> may not have class",
                "4: <circle> may not have href",
                "4: <circle> may not have id",
                "4: <circle> may not have onclick",
                "4: <circle> may not have style",
            ],
        ),
        (
            PICTURE,
            "<circle cx=\"1\"",
            "<circle fill=\"#123456\" stroke=\"url(#a)\" cx=\"1\"",
            &[
                "4: <circle>: fill is “#123456”, not a colour of the palette, or none",
                "4: <circle>: stroke is “url(#a)”, not a colour of the palette, or none",
            ],
        ),
        (PICTURE, "<circle cx=\"1\"", "<circle fill=\"#e2a72e\" stroke=\"none\" cx=\"1\"", &[]),
        (PICTURE, "<circle cx=\"1\"", "<circle cx=\"1e9\"", &["4: <circle>: cx is “1e9”, not a number"]),
        (PICTURE, "<circle cx=\"1\"", "<circle cx=\"1\" cx=\"1\"", &["4: <circle> has cx twice"]),
        (PICTURE, "<circle cx=\"1\"", "<circle cx=\"&#49;\"", &["4: <circle>: cx holds `<` or `&`"]),
        (PICTURE, "<circle cx=\"1\"", "<circle cx='1'", &["4: <circle>: cx is not written cx=\"…\""]),
        (PICTURE, "<circle cx=\"1\"", "<circle cx", &["4: <circle>: cx is not written cx=\"…\""]),
        (
            PICTURE,
            "<circle cx=\"1\"",
            "<path d=\"M0 0L1 1;\" transform=\"translate(1 2) spin(3)\" stroke-linecap=\"flat\"/><circle cx=\"1\"",
            &[
                "4: <path>: d is “M0 0L1 1;”, not a path",
                "4: <path>: stroke-linecap is “flat”, not round or butt or square",
                "4: <path>: transform is “translate(1 2) spin(3)”, not a transform",
            ],
        ),
        (
            PICTURE,
            " fill=\"#F0E4CC\"",
            "",
            &[
                "3: <circle> has no fill and would be black: fill=\"none\"?",
                "4: <circle> has no fill and would be black: fill=\"none\"?",
            ],
        ),
        (
            PICTURE,
            " viewBox=\"0 0 320 200\"",
            " viewBox=\"0 0 100 100\" width=\"320\"",
            &["1: <svg> may not have width", "1: <svg>: viewBox is “0 0 100 100”, not “0 0 320 200”"],
        ),
        (
            PICTURE,
            " xmlns=\"http://www.w3.org/2000/svg\"",
            "",
            &["1: <svg> has no xmlns: it is “http://www.w3.org/2000/svg”"],
        ),
        (PICTURE, "</svg>", "", &["7: <svg> is not closed"]),
        (PICTURE, "</g>", "</p>", &["5: </p> closes nothing"]),
        (PICTURE, "</svg>", "</svg><svg/>", &["6: nothing may follow </svg>"]),
        (PICTURE, "<g ", "<svg/><g ", &["2: <svg> inside <svg>"]),
        (PICTURE, "<g ", "<g><g><g><g><g><g><g><g><g ", &["2: more than 8 elements inside each other"]),
    ]);
}
#[test]
fn faults_of_units() {
    each_is_told(&[
        (
            UNITS,
            "code,name",
            "name,code",
            &[
                "1: the columns are not code,name,type,short_name,former_district,population,population_basis,adults,merged_from,valid_from,valid_to,border,legal_basis,notes",
            ],
        ),
        (
            UNITS,
            "03646,Phường Tô Hiệu",
            "3646,Phường Tô Hiệu",
            &["2: Phường Tô Hiệu has no place in tilegrid.csv", "2: code is “3646”: a unit code has five digits"],
        ),
        (
            UNITS,
            "03664,Phường Chiềng An",
            "03646,Phường Chiềng An",
            &["3: Phường Chiềng An has no place in tilegrid.csv", "3: unit 03646 stands here twice"],
        ),
        (UNITS, ",phường,Tô Hiệu", ",thị trấn,Tô Hiệu", &["2: type is “thị trấn” (xã or phường)"]),
        (UNITS, ",phường,Tô Hiệu", ",phường,Tô hiệu", &["2: name “Phường Tô Hiệu” is not “Phường Tô hiệu”"]),
        (
            UNITS,
            "Tô Hiệu,Thành phố Sơn La",
            "Tô Hiệu,Sơn La",
            &["2: former district “Sơn La” has no kind (Huyện, Thị xã, Thành phố)"],
        ),
        (
            UNITS,
            "51293,administrative,35024",
            "51.293,administrative,35024",
            &["2: population is “51.293”, not a whole number"],
        ),
        (UNITS, "51293,administrative,35024", "35023,administrative,35024", &["2: 35024 adults of 35023 people"]),
        (UNITS, "13876,Phường", "0,Phường", &["3: 0 adults of 20322 people"]),
        (
            UNITS,
            "20322,administrative",
            "20322,average",
            &["3: population_basis is “average”, another than above: the two do not mix"],
        ),
        (
            UNITS,
            "20322,administrative",
            "20322,guessed",
            &["3: population_basis is “guessed” (administrative or average)"],
        ),
        (
            UNITS,
            "Phường Quyết Thắng;",
            "Quyết Thắng;",
            &["2: predecessor “Quyết Thắng” has no kind (Xã, Phường, Thị trấn)"],
        ),
        (UNITS, ",,no,Nghị", ",,không,Nghị", &["2: border is “không” (yes or no)"]),
        (NOISE, "1,-1,0,84", "1,-2,0,84", &["2: noise -2 of 1 people (at most 1)"]),
        (NOISE, "1,0,85,170", "1,0,86,170", &["3: keys 86 to 170: the next key is 85"]),
        (NOISE, "1,-1,0,84", "1,0,0,84", &["4: the noise of 1 people does not have a mean of zero"]),
        (UNITS, "2025-07-01,,", "1/7/2025,,", &["2: valid_from is “1/7/2025”: write it as 2025-07-01"]),
        (UNITS, "2025-07-01,,", "2025-07-01,2025-06-30,", &["2: Phường Tô Hiệu ends before it begins"]),
        (UNITS, "2025-07-01,,", "2025-07-01,", &["2: 13 columns (exactly 14)"]),
    ]);
}

#[test]
fn faults_of_the_map() {
    each_is_told(&[
        (TILES, "03646,4,4", "03646,4,12", &["2: row 4, column 12 is outside 10 by 12"]),
        (TILES, "03646,4,4", "03646,4,x", &["2: col is “x”, not a whole number"]),
        (TILES, "03646,4,4\n", "", &["places/units.csv:2: Phường Tô Hiệu has no place in tilegrid.csv"]),
        (TILES, "03646,4,4\n", "03646,4,4\n09999,0,0\n", &["3: unit 09999 is not in units.csv"]),
    ]);
}

#[test]
fn faults_of_the_census() {
    each_is_told(&[
        (CENSUS, "2019,total,total", "2019,all,total", &["1: no row gives the total"]),
        (
            CENSUS,
            "2019,sex,male,632598",
            "2019,sex,male,632599",
            &["2: sex of 2019 adds up to 1248416, not to the total of 1248415"],
        ),
        (
            CENSUS,
            "2019,sex,male",
            "2019,sex,men",
            &[
                "2: sex of 2019 adds up to 615817, not to the total of 1248415",
                "3: sex “men” of 2019 is not understood",
            ],
        ),
        (
            CENSUS,
            "2019,age,65+",
            "2019,age,old",
            &[
                "2: age of 2019 adds up to 1189591, not to the total of 1248415",
                "7: age “old” of 2019 is not understood",
            ],
        ),
        (
            CENSUS,
            "2019,ethnic_group,thai",
            "2019,ethnic_group,tai",
            &[
                "2: ethnic_group of 2019 adds up to 579150, not to the total of 1248415",
                "8: ethnic_group “tai” of 2019 is not understood",
            ],
        ),
    ]);
}

#[test]
fn faults_of_targets() {
    each_is_told(&[
        (TARGETS, ",2025,80,Việt Nam", ",2025,\"80%\",Việt Nam", &["2: target_percent is “80%” (0 to 100)"]),
        (TARGETS, ",2025,80,Việt Nam", ",2030,80,Việt Nam", &["3: DS_SMARTPHONE_ADULT of 2030 stands here twice"]),
        (TARGETS, "Adults with a smartphone", "", &["2: name_en is empty"]),
        (TARGETS, ",2025,80,", ",two thousand,80,", &["2: year is “two thousand”, not a whole number"]),
    ]);
}

#[test]
fn faults_of_a_booster() {
    each_is_told(&[
        (REVIEW, "of = \"anh-chup\" ", "of = \"khac\" ", &["2: the lesson has no question “khac”"]),
        (REVIEW, "of = \"dau-hieu\"", "of = \"anh-chup\"", &["15: question “anh-chup” is asked again twice"]),
        (
            REVIEW,
            "of = \"dau-hieu\"\n",
            "",
            &["14: the question has no `of`: which one of the lesson does it ask again?"],
        ),
        (
            REVIEW,
            "Làm sao biết tiền bán gà đã về?",
            "Những gì cho mình biết tiền đã về?",
            &["1: “Những gì cho mình biết tiền đã về?” is asked in the same words as in the lesson"],
        ),
        (
            LESSON,
            "id = \"anh-chup\"",
            "of = \"x\"\nid = \"anh-chup\"",
            &["20: `of` belongs to a booster (review.toml)"],
        ),
    ]);
}

#[test]
fn faults_of_old_sources() {
    each_is_told(&[(
        LESSON,
        "still = \"Vẫn được nhắc lại năm 2026\"   # only where it is more than five years older than fact_date: why it still holds\ndocument = \"Cảnh báo 24 hình thức lừa đảo trên mạng\"\npublisher = \"Cục An toàn thông tin\"\nnumber = \"\"                  # the number of a legal document, or empty for others\ndate = \"2023-07\"",
        "document = \"Cảnh báo\"\ndate = \"2020-07\"",
        &[
            "12: the source is of 2020, more than 5 years before `fact_date`: find what holds today, or say in `still` why it does",
        ],
    )]);
}

#[test]
fn faults_of_the_questions_to_begin_with() {
    each_is_told(&[
        (
            PLACEMENT,
            "skips = [\"thanh-toan/vi-du\"]",
            "skips = [\"thanh-toan/khac\"]",
            &["4: there is no lesson “thanh-toan/khac”"],
        ),
        (
            PLACEMENT,
            "skips = [\"thanh-toan/vi-du\"]",
            "skips = []",
            &["1: the question skips no lesson: then it need not be asked"],
        ),
        (PLACEMENT, "right = true", "right = false", &["1: 2 to 5 choices, exactly one of them right"]),
        (PLACEMENT, "id = \"anh-0\"", "id = \"anh-1\"", &["12: question “anh-1” stands here twice"]),
    ]);
}

#[test]
fn faults_of_the_glossary() {
    each_is_told(&[
        (
            GLOSSARY,
            "means = \"Giấu tên thật.\"",
            "means = \"Giấu tên thật\"",
            &["7: the meaning is no whole sentence: it ends without a full stop"],
        ),
        (
            GLOSSARY,
            "word = \"Ẩn danh\"",
            "word = \"Zalo\"",
            &["11: “An ninh mạng” stands after its place in the alphabet"],
        ),
        (GLOSSARY, "word = \"Ẩn danh\"", "word = \"An ninh mạng\"", &["11: “An ninh mạng” stands here twice"]),
        (
            GLOSSARY,
            "means = \"Giấu tên thật.\"",
            "means = \"Giấu tên thật của mình đi để cho người khác không ai biết mình là ai cả đâu.\"",
            &["7: the meaning has 18 words (at most 16)"],
        ),
    ]);
}
