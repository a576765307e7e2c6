#include "FaceBridge/Wishes.h"

namespace facebridge {

void Wishes::wish(const Settings& settings, const Welcome& offer) {
    wished_ = settings;
    if (wished_.identity.empty() && !offer.identities.empty()) {
        wished_.identity = offer.identities[0];
    }
    if (wished_.size == 0 && !offer.sizes.empty()) {
        wished_.size = offer.sizes[0];
    }
    choose();
}

void Wishes::ask() {
    asked_ = wanted_;
    wished_then_ = wished_;
}

void Wishes::grant() {
    before_ = granted_ ? in_force_ : asked_;
    in_force_ = asked_;
    wished_before_ = wished_then_;
    granted_ = true;
}

void Wishes::refuse(const std::string& reason) {
    asked_ = in_force_;
    keep_out(wished_then_, reason);
}

void Wishes::withdraw(const std::string& reason) {
    if (asked_.same_look(in_force_)) {
        asked_ = before_;
    }
    in_force_ = before_;
    keep_out(wished_before_, reason);
}

void Wishes::keep_out(const Settings& wish, const std::string& reason) {
    refused_ = wish;
    kept_ = in_force_;
    refusal_ = reason;
    choose();
}

void Wishes::choose() {
    wanted_ = wished_;
    bool insists = true;
    each_look([&](auto setting) {
        if (!refusal_.empty() && !(refused_.*setting == kept_.*setting)) {
            insists = insists && wished_.*setting == refused_.*setting;
            wanted_.*setting = kept_.*setting;
        }
    });
    if (!insists) {
        refusal_.clear();
        wanted_ = wished_;
    }
}

}  // namespace facebridge
