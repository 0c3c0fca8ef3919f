#include "demo/county_nights.hpp"

#include <algorithm>

#include "demo/events.hpp"

namespace sendhub::demo {
namespace {

class Night {
  public:
    Night(County& county, int night)
        : c_(county),
          rng_(county.options.seed, for_night, static_cast<std::uint64_t>(night)),
          night_(night),
          budget_(std::max<std::uint64_t>(county.options.pupils / 200, 10)) {}

    void pass() {
        c_.as_at += 1;
        today_ = c_.as_at - 1;
        resubmit();
        c_.register_changed =
            static_cast<std::uint16_t>(rng_.below(static_cast<std::uint32_t>(c_.schools.size())));
        advice();
        cases();
        home_education();
        leavers();
        part_time();
        youth_justice();
    }

  private:
    // How often something happens: of every hundred changes of a night.
    std::uint64_t times(std::uint64_t share) {
        const std::uint64_t hundredths = budget_ * share;
        return hundredths / 100 + (rng_.below(100) < hundredths % 100 ? 1 : 0);
    }

    // Every tenth school sends its census again.
    void resubmit() {
        std::vector<std::uint16_t> again;
        const std::size_t n = c_.schools.size();
        for (std::size_t s = 0; s < n; ++s)
            if (s % 10 == static_cast<std::size_t>(night_) % std::min<std::size_t>(10, n))
                again.push_back(static_cast<std::uint16_t>(s));
        for (const std::uint16_t s : again) {
            c_.schools[s].serial += 1;
            c_.schools[s].sent = today_;
        }
        for (std::uint64_t i = 0; i < budget_ && !again.empty(); ++i) {
            auto& roll = c_.spring[again[i % again.size()]];
            if (roll.empty()) continue;
            Enrolment& e = roll[rng_.below(static_cast<std::uint32_t>(roll.size()))];
            if (!e.on_roll || e.flaw != Flaw::none) continue;
            Child& child = c_.children[e.child];
            if (e.sen == 'N' && child.year >= 0 && rng_.percent(25)) {
                child.sen = e.sen = 'K';
                child.needs = e.needs = {static_cast<std::uint8_t>(1 + rng_.below(5)), 0, 0};
            } else {
                Household& home = c_.households[child.household];
                home.former = home.address;
                home.address = {rng_.below(static_cast<std::uint32_t>(c_.streets.size())),
                                300 + rng_.below(99)};
                e.address = home.address;
            }
        }
    }

    void advice() {
        std::uint64_t left = times(15);
        for (AdviceRow& row : c_.advice) {
            if (left == 0) break;
            if (row.state != AdviceState::open || row.flaw != Flaw::none || row.requested + 14 > today_ ||
                !rng_.percent(30))
                continue;
            row.state = AdviceState::sent;
            row.sent = today_;
            --left;
        }
        for (std::uint64_t i = times(3); i > 0; --i)
            if (const auto child = someone([](const Child& c) { return c.sen == 'K' && !c.busy; });
                child != nobody)
                add_advice_request(c_, rng_, child, today_ - 1);
    }

    void cases() {
        std::uint64_t left = times(5);
        for (CmeRow& row : c_.cme) {
            if (left == 0) break;
            if (!row.open || row.flaw != Flaw::none || row.opened + 5 > today_ || !rng_.percent(15)) continue;
            close_cme(rng_, row, today_, rng_.percent(60) ? 3 : 5);
            --left;
        }
        for (std::uint64_t i = times(5); i > 0; --i) {
            const auto child = pupil();
            if (child == nobody) break;
            add_off_roll(c_, rng_, child, c_.children[child].school, today_, 'I');
            CmeRow& row = add_cme(c_, rng_, child, 4, today_);
            row.last_school = c_.children[child].school;
            row.off_roll = today_;
            row.ground = 'I';
        }
    }

    void home_education() {
        for (std::uint64_t i = times(6); i > 0; --i) {
            const auto child = pupil();
            if (child == nobody) break;
            OffRollRow& notice = add_off_roll(c_, rng_, child, c_.children[child].school, today_, 'F');
            notice.destination = "Home educated";
            notice.confirmed = today_;
            add_ehe(c_, rng_, child, today_).previous_school = c_.children[child].school;
        }
        std::uint64_t left = times(3);
        for (EheRow& row : c_.ehe) {
            if (left == 0) break;
            if (row.end != no_day || row.flaw != Flaw::none || row.start + 20 > today_ || !rng_.percent(5))
                continue;
            row.end = row.returned = today_;
            row.end_reason = 1;
            --left;
        }
    }

    void leavers() {
        for (std::uint64_t i = times(12); i > 0; --i) {
            const auto child = pupil();
            if (child == nobody) break;
            OffRollRow& notice = add_off_roll(c_, rng_, child, c_.children[child].school, today_, 'G');
            notice.destination = "Norfolk";
            if (rng_.percent(70)) notice.confirmed = today_;
            add_move(c_, rng_, child, false, today_);
        }
        std::uint64_t left = times(4);
        for (MoveRow& row : c_.moves) {
            if (left == 0) break;
            if (!row.in || row.placed != no_day || row.flaw != Flaw::none || !rng_.percent(40)) continue;
            row.placed = today_;
            row.school = 0;
            --left;
        }
    }

    void part_time() {
        for (std::uint64_t i = times(7); i > 0; --i)
            if (const auto child = pupil(); child != nobody) add_part_time(c_, rng_, child, today_);
        std::uint64_t left = times(10);
        for (PartTimeRow& row : c_.part_time) {
            if (left == 0) break;
            if (row.face.child == nobody || row.actual_end != no_day || row.start + 10 > today_ ||
                !rng_.percent(20))
                continue;
            if (rng_.percent(50)) {
                row.actual_end = today_;
            } else {
                row.last_review = today_;
                row.review = today_ + 28;
            }
            --left;
        }
    }

    void youth_justice() {
        std::uint64_t left = times(2);
        for (Programme& programme : c_.programmes) {
            if (left == 0) break;
            if (programme.end != no_day || programme.start + 60 > today_ || !rng_.percent(20)) continue;
            programme.end = today_;
            --left;
        }
        for (std::uint64_t i = times(2); i > 0; --i) {
            const auto child = someone([](const Child& c) { return c.year >= 7 && c.year <= 11 && !c.busy; });
            if (child != nobody) add_young_person(c_, rng_, child, today_);
        }
    }

    // A child on a roll about whom nothing else is told yet; from now on it is.
    std::uint32_t pupil() {
        const auto child = someone([](const Child& c) {
            return c.story == Story::on_roll && c.year >= 1 && c.year <= 11 && !c.busy;
        });
        if (child != nobody) c_.children[child].busy = true;
        return child;
    }

    template <class Wanted>
    std::uint32_t someone(Wanted wanted) {
        for (int tries = 0; tries < 400; ++tries) {
            const std::uint32_t child = rng_.below(static_cast<std::uint32_t>(c_.children.size()));
            if (wanted(c_.children[child]) && !has_flaw(child)) return child;
        }
        return nobody;
    }

    // Children whose census element is in error stay out of everything else (README.md, row errors).
    bool has_flaw(std::uint32_t child) {
        const std::uint16_t school = c_.children[child].school;
        if (school == no_school) return false;
        const auto& roll = c_.spring[school];
        const auto found =
            std::lower_bound(roll.begin(), roll.end(), child,
                             [](const Enrolment& e, std::uint32_t id) { return e.child < id; });
        return found != roll.end() && found->child == child &&
               (found->flaw != Flaw::none || found->upn_of != nobody);
    }

    County& c_;
    Rng rng_;
    int night_;
    std::uint64_t budget_;
    Day today_ = 0;
};

}  // namespace

void pass_night(County& county, int night) { Night(county, night).pass(); }

}  // namespace sendhub::demo
