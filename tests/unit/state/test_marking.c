/* SPDX-License-Identifier: Apache-2.0 */
#include "state/marking.h"

#include "tap.h"

static const struct {
    const char *text;
    enum marking want;
} cases[] = {
    {"MẬT", MARKING_MAT},
    {"  [ Mật ]  ", MARKING_MAT},
    {"ma\xcc\xa3\xcc\x82t", MARKING_MAT},
    {"Số: 12/QĐ\r\nTỐI MẬT\r\nKính gửi", MARKING_TOI_MAT},
    {"TUYỆT MẬT", MARKING_TUYET_MAT},
    {"Độ mật: Tối mật", MARKING_TOI_MAT},
    {"Mức độ mật: MẬT", MARKING_MAT},
    {"MẬT\nTUYỆT MẬT\nMẬT", MARKING_TUYET_MAT},
    {"", MARKING_NONE},
    {"bảo mật", MARKING_NONE},
    {"mật khẩu", MARKING_NONE},
    {"MẤT", MARKING_NONE},
    {"mat", MARKING_NONE},
    {"Độ mật: không", MARKING_NONE},
    {"Độ mật: Thường\n", MARKING_NONE},
    {"Tài liệu này không có độ mật: mật ong", MARKING_NONE},
    {"Mật ong rừng", MARKING_NONE},
};

int main(void)
{
    for (size_t i = 0; i < CANH_LEN(cases); i++)
        is_int(marking_find(slice_str(cases[i].text)), cases[i].want, "case %zu", i + 1);
    return tap_done();
}
