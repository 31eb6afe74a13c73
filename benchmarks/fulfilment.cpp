// The shop of fulfilment.toml as a hand-written event loop: what a competent writer of C++ makes of this one shop, and
// the yardstick of what an engine for any shop could reach at best.
//
// It keeps the rules of sim/rules.py (all that is due at an instant, then the hand-out; queues by time joined and case
// number; the first free person by number) and leaves the same log. It knows this shop only: a case is a record with a
// place for every step, luck is drawn when it is needed, and the log is written out of the records at the end, case by
// case, so that nothing needs sorting. Times are whole ms; NOT_YET stands for an instant that has not come.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <functional>
#include <queue>
#include <vector>

namespace {

using i64 = std::int64_t;
using u64 = std::uint64_t;

constexpr i64 MINUTE = 60'000, HOUR = 60 * MINUTE, DAY = 24 * HOUR, NOT_YET = -1, NEVER = INT64_MAX;

namespace step {
enum { REVIEW, PICK, PACK, NO_CHECK, CHECK, TRUCK, LAST_MILE, ASKS, SENDS_BACK, DELIVERED,
       ANSWER, ANSWERED, GAVE_UP, INSPECT, REFUND, REFUNDED };
}
enum Outcome { OPEN, SERVED, GAVE_UP, WENT, PASSED };
enum Route { ORDER, CONTACT, RETURN, ROUTES };
enum Role { REVIEWER, PICKER, PACKER, CHECKER, AGENT, INSPECTOR, ACCOUNTANT, ROLES };
// What can happen to an order: its work with a role is over (0 … ROLES - 1), or
enum Kind { REACHES_CUSTOMER = ROLES, GIVES_UP, COMES_BACK };

// An event, and a place in a queue, is one number: (instant, order, kind), of which the smallest comes first.
constexpr int KIND_BITS = 4, ORDER_BITS = 22, INSTANT_AT = KIND_BITS + ORDER_BITS;
constexpr u64 packed(i64 instant, int order, int kind = 0) {
    return u64(instant) << INSTANT_AT | u64(order) << KIND_BITS | kind;
}
constexpr i64 instant_of(u64 entry) { return entry >> INSTANT_AT; }
constexpr int order_of(u64 entry) { return entry >> KIND_BITS & ((1 << ORDER_BITS) - 1); }
constexpr int kind_of(u64 entry) { return entry & ((1 << KIND_BITS) - 1); }

struct Heap : std::priority_queue<u64, std::vector<u64>, std::greater<>> {
    i64 due() const { return empty() ? NEVER : instant_of(top()); }

    u64 take() {
        const u64 first = top();
        pop();
        return first;
    }
};

// --- luck ------------------------------------------------------------------------------------------------------------

// The layers of a ziggurat (Marsaglia and Tsang 2000): the rightmost begins at r, each has the same area.
struct Ziggurat {
    double x[257], y[257];

    template <class F, class Inverse> Ziggurat(double r, double area, F f, Inverse inverse) {
        x[0] = area / f(r), y[0] = 0;
        x[1] = r, y[1] = f(r);
        for (int i = 1; i < 255; i++) {
            y[i + 1] = y[i] + area / x[i];
            x[i + 1] = inverse(y[i + 1]);
        }
        x[256] = 0, y[256] = 1;
    }
};

const Ziggurat BELL(3.6541528853610088, 0.00492867323399141, [](double x) { return std::exp(-x * x / 2); },
                    [](double y) { return std::sqrt(-2 * std::log(y)); });
const Ziggurat DECAY(7.69711747013104972, 0.0039496598225815572, [](double x) { return std::exp(-x); },
                     [](double y) { return -std::log(y); });

struct Lognormal {
    double sigma, scale;
    Lognormal(double mean, double cv) : sigma(std::sqrt(std::log1p(cv * cv))), scale(mean / std::sqrt(1 + cv * cv)) {}
};

struct Gamma {  // as Marsaglia and Tsang 2000, "A simple method"; shape 1 / cv² at least 1
    double d, c, scale;
    Gamma(double mean, double cv) : d(1 / (cv * cv) - 1. / 3), c(1 / std::sqrt(9 * d)), scale(mean * cv * cv) {}
};

class Luck {
    u64 s[4];

    u64 bits() {  // xoshiro256++ (Blackman and Vigna 2019)
        const u64 result = std::rotl(s[0] + s[3], 23) + s[0], t = s[1] << 17;
        s[2] ^= s[0], s[3] ^= s[1], s[1] ^= s[2], s[0] ^= s[3];
        s[2] ^= t, s[3] = std::rotl(s[3], 45);
        return result;
    }

  public:
    explicit Luck(u64 seed) {
        for (u64 &word : s) {  // splitmix64
            u64 z = seed += 0x9e3779b97f4a7c15;
            z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9, z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
            word = z ^ (z >> 31);
        }
    }

    static double unit(u64 word) { return (word >> 11) * 0x1p-53; }
    bool chance(double p) { return unit(bits()) < p; }

    double exponential() {
        for (;;) {
            const u64 word = bits();
            const int i = word & 255;
            const double x = unit(word) * DECAY.x[i];
            if (x < DECAY.x[i + 1]) [[likely]] return x;
            if (i == 0) return DECAY.x[1] + exponential();
            if (DECAY.y[i] + unit(bits()) * (DECAY.y[i + 1] - DECAY.y[i]) < std::exp(-x)) return x;
        }
    }

    double normal() {
        for (;;) {
            const u64 word = bits();
            const int i = word & 255;
            const double x = unit(word) * BELL.x[i], sign = word & 256 ? -1 : 1;
            if (x < BELL.x[i + 1]) [[likely]] return sign * x;
            if (i == 0) return sign * beyond(BELL.x[1]);
            if (BELL.y[i] + unit(bits()) * (BELL.y[i + 1] - BELL.y[i]) < std::exp(-x * x / 2)) return sign * x;
        }
    }

    double beyond(double r) {  // a normal variate that is known to lie beyond r (Marsaglia 1964)
        for (;;) {
            const double x = exponential() / r;
            if (2 * exponential() > x * x) return r + x;
        }
    }

    i64 time(double mean) { return std::llrint(mean * exponential()); }
    i64 time(const Lognormal &law) { return std::llrint(law.scale * std::exp(law.sigma * normal())); }

    i64 time(const Gamma &law) {
        for (;;) {
            const double x = normal(), root = 1 + law.c * x;
            if (root <= 0) continue;
            const double v = root * root * root, u = unit(bits());
            if (u < 1 - 0.0331 * x * x * x * x || std::log(u) < x * x / 2 + law.d * (1 - v + std::log(v)))
                return std::llrint(law.scale * law.d * v);
        }
    }
};

const Lognormal REVIEW_TIME(1.6 * MINUTE, 0.8), LAST_MILE_TIME(8 * HOUR, 0.5);
const Gamma PICK_TIME(4 * MINUTE, 0.6), PACK_TIME(2.4 * MINUTE, 0.5), CHECK_TIME(8 * MINUTE, 0.5),
    INSPECT_TIME(10 * MINUTE, 0.7), UNTIL_SENT_BACK(2 * DAY, 0.5);
constexpr double ANSWER_TIME = 5.4 * MINUTE, PATIENCE = 15 * MINUTE, REFUND_TIME = 10 * MINUTE, GAP = MINUTE;

// --- cases -----------------------------------------------------------------------------------------------------------

struct Work {
    i64 began = NOT_YET;
    i64 left : 56 = NOT_YET;
    i64 person : 8 = -1;  // within the role
};

struct Order {
    i64 came, truck = NOT_YET, delivered = NOT_YET;
    Work work[CHECKER + 1] = {};
    int contact = -1, back = -1;  // where the customer's contact and the return are kept, once they have come
    bool checked = false, sends_back = false;
};

struct Return {
    i64 came;
    Work work[2];
};

// The columns of sim.log.Visits, and those of sim.log.Cases that are not the same for all.
struct Visits {
    i64 *number;
    std::int32_t *step, *visit, *person;
    i64 *joined, *began, *left;
    std::int8_t *outcome;
};

struct Cases {
    i64 *number;
    std::int32_t *route;
    i64 *parent, *arrived;
};

// Where the next row of one route's part of the log goes.
struct Writer {
    const Visits &visits;
    const Cases &cases;
    i64 row, case_row;

    void come(i64 c, int route, i64 parent, i64 arrived) {
        const i64 i = case_row++;
        cases.number[i] = c, cases.route[i] = route, cases.parent[i] = parent, cases.arrived[i] = arrived;
    }

    void visit(i64 c, int step, i64 joined, i64 began, i64 left, int outcome, int person = -1) {
        const i64 i = row++;
        visits.number[i] = c, visits.step[i] = step, visits.visit[i] = 1, visits.person[i] = person;
        visits.joined[i] = joined, visits.began[i] = began, visits.left[i] = left, visits.outcome[i] = outcome;
    }

    void pass(i64 c, int step, i64 now, int outcome) { visit(c, step, now, now, now, outcome); }

    i64 work(i64 c, int step, i64 joined, const Work &w, int first_person) {
        const int outcome = w.left == NOT_YET ? OPEN : w.began == NOT_YET ? GAVE_UP : SERVED;
        visit(c, step, joined, w.began, w.left, outcome, w.person < 0 ? -1 : first_person + w.person);
        return w.left;
    }
};

class Shop {
    const i64 until;
    i64 now = 0, next_truck = HOUR;
    double arrival = 0;
    Luck luck;
    Heap soon, later;  // events; apart, for the few that come soon then stay in a small heap
    Heap queue[ROLES];
    unsigned free[ROLES], unsettled = 0;  // a bit for each free person; for each role whose queue or people changed
    int first_person[ROLES];
    std::vector<int> dock, fresh;  // orders that wait for the truck; contacts that joined at this instant
    std::vector<Order> orders;
    std::vector<Work> contacts;
    std::vector<Return> returns;

    Work &work(int role, int o) {
        if (role <= CHECKER) return orders[o].work[role];
        return role == AGENT ? contacts[orders[o].contact] : returns[orders[o].back].work[role - INSPECTOR];
    }

    void join(int role, int o) {
        queue[role].push(packed(now, o));
        unsettled |= 1u << role;
        rows[role <= CHECKER ? ORDER : role == AGENT ? CONTACT : RETURN]++;
    }

    i64 time_of(int role) {
        switch (role) {
            case REVIEWER: return luck.time(REVIEW_TIME);
            case PICKER: return luck.time(PICK_TIME);
            case PACKER: return luck.time(PACK_TIME);
            case CHECKER: return luck.time(CHECK_TIME);
            case AGENT: return luck.time(ANSWER_TIME);
            case INSPECTOR: return luck.time(INSPECT_TIME);
            default: return luck.time(REFUND_TIME);
        }
    }

    void hand_out() {
        for (; unsettled; unsettled &= unsettled - 1) {
            const int role = std::countr_zero(unsettled);
            while (free[role] && !queue[role].empty()) {
                const int o = order_of(queue[role].take());
                Work &w = work(role, o);
                if (w.left != NOT_YET) continue;  // gave up meanwhile
                w.began = now, w.person = std::countr_zero(free[role]);
                free[role] &= free[role] - 1;
                soon.push(packed(now + time_of(role), o, role));
            }
        }
        for (int o : fresh)
            if (work(AGENT, o).began == NOT_YET) soon.push(packed(now + luck.time(PATIENCE), o, GIVES_UP));
        fresh.clear();
    }

    void leave_for_customer(int o) {
        orders[o].truck = now;
        rows[ORDER]++;
        later.push(packed(now + luck.time(LAST_MILE_TIME), o, REACHES_CUSTOMER));
    }

    void go_to_truck(int o) {
        rows[ORDER]++;
        if (now % HOUR == 0) leave_for_customer(o);
        else dock.push_back(o);
    }

    void deliver(int o) {
        Order &order = orders[o];
        order.delivered = now;
        if (luck.chance(0.15)) {
            order.contact = contacts.size();
            contacts.emplace_back();
            fresh.push_back(o);
            join(AGENT, o);
        }
        order.sends_back = luck.chance(0.08);
        if (order.sends_back) later.push(packed(now + luck.time(UNTIL_SENT_BACK), o, COMES_BACK));
        rows[ORDER] += 3;
    }

    void work_is_over(int role, int o) {
        Work &w = work(role, o);
        w.left = now;
        free[role] |= 1u << w.person;
        unsettled |= 1u << role;
    }

    void happen(u64 event) {
        const int kind = kind_of(event), o = order_of(event);
        if (kind < ROLES) work_is_over(kind, o);
        switch (kind) {
            case REVIEWER: join(PICKER, o); break;
            case PICKER: join(PACKER, o); break;
            case PACKER:
                orders[o].checked = !luck.chance(0.9);
                rows[ORDER]++;
                if (orders[o].checked) join(CHECKER, o);
                else go_to_truck(o);
                break;
            case CHECKER: go_to_truck(o); break;
            case REACHES_CUSTOMER: deliver(o); break;
            case AGENT: rows[CONTACT]++; break;
            case GIVES_UP:
                if (work(AGENT, o).began == NOT_YET) work(AGENT, o).left = now, rows[CONTACT]++;
                break;
            case COMES_BACK:
                orders[o].back = returns.size();
                returns.push_back({now, {}});
                join(INSPECTOR, o);
                break;
            case INSPECTOR: join(ACCOUNTANT, o); break;
            case ACCOUNTANT: rows[RETURN]++; break;
        }
    }

    void happen_at(i64 instant) {
        now = instant;
        if (now == next_truck) {
            for (int o : dock) leave_for_customer(o);
            dock.clear();
            next_truck += HOUR;
        }
        for (; i64(arrival) == now; arrival += GAP * luck.exponential()) {
            orders.emplace_back(now);
            join(REVIEWER, orders.size() - 1);
        }
        while (soon.due() == now) happen(soon.take());
        while (later.due() == now) happen(later.take());
    }

  public:
    i64 rows[ROUTES] = {};

    Shop(u64 seed, i64 until, const std::int32_t *people) : until(until), luck(seed) {
        for (int role = 0, first = 0; role < ROLES; first += people[role++])
            first_person[role] = first, free[role] = (1u << people[role]) - 1;
        orders.reserve(until / MINUTE + 8 * std::sqrt(until / MINUTE) + 100);
        arrival = GAP * luck.exponential();
    }

    void play() {
        for (;;) {
            const i64 instant = std::min({soon.due(), later.due(), i64(arrival), next_truck});
            if (instant >= until) break;
            happen_at(instant);
            hand_out();
        }
    }

    void sizes(i64 *to) const {  // rows of visits, rows of cases
        to[0] = rows[ORDER] + rows[CONTACT] + rows[RETURN];
        to[1] = orders.size() + contacts.size() + returns.size();
    }

    void write(const Visits &visits, const Cases &cases) const {
        const i64 n = orders.size(), asked = contacts.size();
        Writer order{visits, cases, 0, 0}, contact{visits, cases, rows[ORDER], n},
            back{visits, cases, rows[ORDER] + rows[CONTACT], n + asked};
        for (i64 o = 0; o < n; o++) {
            write_order(order, o);
            if (orders[o].contact >= 0) write_contact(contact, n + o, o);
            if (orders[o].back >= 0) write_return(back, 2 * n + o, o);
        }
    }

  private:
    void write_order(Writer &to, i64 o) const {
        const Order &order = orders[o];
        to.come(o, ORDER, -1, order.came);
        i64 t = order.came;
        for (int s : {REVIEWER, PICKER, PACKER})
            if ((t = to.work(o, s, t, order.work[s], first_person[s])) == NOT_YET) return;
        to.pass(o, step::NO_CHECK, t, order.checked ? PASSED : WENT);
        if (order.checked) t = to.work(o, step::CHECK, t, order.work[CHECKER], first_person[CHECKER]);
        if (t == NOT_YET) return;
        to.visit(o, step::TRUCK, t, order.truck, order.truck, order.truck == NOT_YET ? OPEN : SERVED);
        if ((t = order.truck) == NOT_YET) return;
        to.visit(o, step::LAST_MILE, t, t, order.delivered, order.delivered == NOT_YET ? OPEN : SERVED);
        if ((t = order.delivered) == NOT_YET) return;
        to.pass(o, step::ASKS, t, order.contact >= 0 ? WENT : PASSED);
        to.pass(o, step::SENDS_BACK, t, order.sends_back ? WENT : PASSED);
        to.pass(o, step::DELIVERED, t, SERVED);
    }

    void write_contact(Writer &to, i64 c, i64 o) const {
        const Work &w = contacts[orders[o].contact];
        to.come(c, CONTACT, o, orders[o].delivered);
        const i64 t = to.work(c, step::ANSWER, orders[o].delivered, w, first_person[AGENT]);
        if (t != NOT_YET) to.pass(c, w.began == NOT_YET ? step::GAVE_UP : step::ANSWERED, t, SERVED);
    }

    void write_return(Writer &to, i64 c, i64 o) const {
        const Return &r = returns[orders[o].back];
        to.come(c, RETURN, o, r.came);
        i64 t = to.work(c, step::INSPECT, r.came, r.work[0], first_person[INSPECTOR]);
        if (t == NOT_YET) return;
        t = to.work(c, step::REFUND, t, r.work[1], first_person[ACCOUNTANT]);
        if (t != NOT_YET) to.pass(c, step::REFUNDED, t, SERVED);
    }
};

}  // namespace

// What benchmarks/cpp.py calls: play, ask how long the tables are, have them filled, forget.
extern "C" {
Shop *play(u64 seed, i64 until, const std::int32_t *people) {
    Shop *shop = new Shop(seed, until, people);
    shop->play();
    return shop;
}
void sizes(const Shop *shop, i64 *to) { shop->sizes(to); }
void write(const Shop *shop, const Visits *visits, const Cases *cases) { shop->write(*visits, *cases); }
void forget(const Shop *shop) { delete shop; }
}
