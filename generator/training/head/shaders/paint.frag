#version 330
// Paints a person's skin once into the atlas: colour and gloss, and heights for relief.
in vec3 Q;
in vec2 grown;
layout(location = 0) out vec4 colour;
layout(location = 1) out vec4 relief;
uniform float woman, who, melanin, haemoglobin, sallow, redness, age, freckles, moles, mottle, gloss, scalp_shade;
uniform float blush, liner, shadow_amount, lipstick_amount;
uniform vec3 hair_colour, beard_colour, lipstick, shadow_colour;
#include "noise.glsl"
#include "regions.glsl"
#include "wrinkles.glsl"

// Light that comes back out of skin: two pigments, each swallowing its own colours.
vec3 tissue(float brown, float red) {
    return vec3(0.80, 0.655, 0.565) * exp(-brown * vec3(2.10, 2.45, 2.75) - red * vec3(0.10, 0.66, 0.56));
}

vec2 pigments() {
    float patches = wave(Q * 0.32 + who), clouds = wave(Q * 0.85 + who * 1.7), spots = wave(Q * 2.1 + who), grain = wave(Q * 5.5);
    float m = melanin, h = haemoglobin * 0.30;
    m += (0.035 * patches + 0.035 * clouds + 0.025 * spots + 0.018 * grain) * (0.5 + mottle) * (0.6 + melanin);
    h += (0.05 * patches + 0.06 * clouds + 0.05 * spots + 0.035 * grain) * (0.4 + mottle);
    h += redness * (0.42 * nose_area() + 0.40 * cheek_area() * (0.7 + 0.5 * spots) + 0.40 * ear_area() + 0.12 * bump(Q.x, 1.6) * bump(Q.y + 6.3, 1.0) * ahead(8.0));
    h += 0.55 * blush * cheek_area();
    float socket = socket_area();
    m += socket * (0.05 + 0.05 * age + 0.05 * melanin);
    h += socket * 0.16;
    h += 0.22 * bump(lid_rim(), 0.20) * ahead(7.0);
    m += 0.05 * smoothstep(5.5, 8.0, Q.y) * melanin + 0.06 * bump(Q.x, 2.6) * bump(Q.y + 1.7, 0.8) * ahead(8.0) * melanin;
    h -= 0.06 * smoothstep(-7.5, -9.5, Q.y);
    float lip = lip_area();
    float outline = clamp(lip * (1.0 - lip) * 4.0, 0.0, 1.0);
    m = mix(m, m * (0.80 + 0.12 * smoothstep(-3.1, -2.7, Q.y)) + 0.05, lip) + 0.03 * outline;
    h += lip * (0.42 + 0.34 * woman + 0.10 * grain);
    return vec2(m, h);
}

float marks() {
    vec2 a = cells(Q * 2.3 + who), b = cells(Q * 4.1 - who);
    float spread = (0.25 + bump(abs(Q.x) - 2.4, 3.2) * bump(Q.y - 1.0, 2.6)) * ahead(2.0);
    float big = smoothstep(0.34, 0.16, a.x) * step(0.35, a.y) * a.y, small = smoothstep(0.36, 0.18, b.x) * step(0.3, b.y) * b.y;
    float old = smoothstep(0.5, 1.0, age) * smoothstep(0.55, 0.30, cells(Q * 0.8 + who * 3.0).x) * smoothstep(0.45, 0.7, noise(Q * 2.0 + who));
    vec2 c = cells(Q * 0.42 + who * 5.0);
    float mole = smoothstep(0.050, 0.030, c.x) * step(1.0 - 0.5 * moles, c.y);
    return (freckles * spread * (big * 0.30 + small * 0.26) + 0.10 * old) * (1.0 - 0.5 * melanin) + mole * 0.6;
}

vec3 make_up(vec3 c) {
    float lid = upper_lid();
    c = mix(c, shadow_colour, clamp(shadow_amount * smoothstep(0.1, 0.9, lid), 0.0, 0.85));
    float near = lid_rim(), wing = bump(Q.y - 3.62 - 0.45 * (abs(Q.x) - 4.8), 0.13) * smoothstep(4.3, 4.7, abs(Q.x)) * smoothstep(5.5, 5.0, abs(Q.x));
    float line = max(bump(near, 0.16) * mix(0.35, 1.0, smoothstep(3.3, 3.7, Q.y)), wing * smoothstep(0.4, 0.9, liner)) * ahead(7.0);
    return c * (1.0 - 0.92 * clamp(liner, 0.0, 1.0) * line);
}

vec3 hair_shade(vec3 c) {
    float roots = 0.40 + 0.85 * noise(Q * 9.0) * noise(Q * 4.0 + 3.0) * 2.0;
    float dots = smoothstep(0.42, 0.20, cells(Q * 9.0).x);
    c = mix(c, c * vec3(0.55, 0.60, 0.66) + beard_colour * 0.2, clamp(grown.y * (0.40 + 0.55 * dots), 0.0, 0.9));
    return mix(c, hair_colour * roots * 0.7, clamp(grown.x * scalp_shade * (0.55 + 0.55 * noise(Q * 10.0) + 0.5 * grown.x * grown.x), 0.0, 0.96));
}

void main() {
    float lip = lip_area(), inside = inner_mouth();
    vec2 p = pigments();
    vec3 c = tissue(clamp(p.x + marks(), 0.0, 1.3), max(p.y, 0.0)) * mix(vec3(1.0), vec3(1.0, 0.97, 0.88), sallow);
    c = mix(c, lipstick * (0.9 + 0.2 * noise(Q * 7.0)), lip * lipstick_amount);
    c = mix(make_up(c), vec3(0.40, 0.10, 0.09), inside);
    c = hair_shade(c);

    float wear = smoothstep(0.05, 1.0, age);
    float lined = forehead_lines(), crow = crows_feet(), fold = nasolabial(), bags = under_eye(), frown = frown_lines(), nose = nose_folds();
    float old = wear * (0.75 * lined + 0.9 * crow + 1.1 * bags + 0.8 * frown + 0.6 * mouth_corner() + 0.6 * lip_lines() * (1.0 - lip)) * 0.068
        + (0.12 + 1.15 * wear) * 0.05 * fold + (0.12 + 0.5 * wear) * 0.05 * neck_lines();
    float crinkle = wear * 0.016 * wave(vec3(Q.x * 2.6 + Q.y, Q.y * 5.0 - Q.x, Q.z * 3.0)) * ahead(0.0);
    vec2 pore = cells(Q * 6.5);
    float porous = (1.0 - lip) * (0.4 + 0.9 * nose_area() + 0.6 * cheek_area()) * (1.0 - 0.7 * socket_area());
    float pores = -0.0075 * porous * smoothstep(0.55, 0.15, pore.x) + 0.0045 * wave(Q * 4.0) + 0.0035 * wave(Q * 9.0);
    float lip_grain = lip * (0.012 * wave(vec3(Q.x * 5.0, Q.y * 1.0, 1.0)) + 0.008 * wave(vec3(Q.x * 9.0, Q.y * 1.6, 4.0)));
    relief = vec4(0.5 + 5.0 * (pores + lip_grain + crinkle - old), lined, crow + bags * 0.7 + fold, frown + nose + chin_dimples() + 0.6 * lip_lines());
    c *= 1.0 - 2.6 * old;

    float oil = 0.30 + 0.25 * nose_area() + 0.12 * smoothstep(5.5, 7.5, Q.y) * ahead(8.0) + 0.10 * bump(lid_rim(), 0.6) + 0.10 * cheek_area();
    oil = mix(oil * (0.5 + gloss) + 0.05 * wave(Q * 3.0), 0.72 + 0.25 * lipstick_amount * gloss, lip);
    oil *= 1.0 - 0.6 * max(grown.x * scalp_shade, 0.0) - 0.4 * grown.y;
    colour = vec4(sqrt(max(c, 0.0)), clamp(max(oil, 0.75 * inside), 0.0, 1.0));
}
