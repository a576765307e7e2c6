// Skin, mouth, eyes and lashes, painted from rest coordinates Q (mirrored |x| where both sides agree).
in vec3 P, N, Q;
flat in float M;
out vec4 colour;
uniform vec3 left_eye, right_eye, skin, lips, brow_colour, iris, hair_colour;
uniform float redness, stubble, beard, freckles, blush, liner, shadow, age, gloss_amount, scalp_hair, hairline;
uniform float brow_density, brow_thickness, brow_height, brow_arch, pupil, mottle;
uniform vec4 patches;
uniform float frown_lines, brow_lines, smile_lines;

float ax;

float front(float z) { return smoothstep(z - 0.6, z + 0.6, Q.z); }

vec3 tint(vec3 base) {
    float low = patches.x * (noise(Q * 0.45) - 0.5) + patches.y * (noise(Q * 0.9 + 31.0) - 0.5);
    vec3 a = base * (1.0 + 0.30 * low) * vec3(1.0 + 0.06 * low, 1.0, 1.0 - 0.05 * low);
    a *= 1.0 + mottle * (noise(Q * 5.0) - 0.5);
    float nose = bump(Q.x, 1.4) * bump(Q.y - 0.2, 1.3) * front(9.0);
    float cheek = bump(ax - 4.6, 1.9) * bump(Q.y + 0.2, 1.9) * front(3.0);
    float ear = smoothstep(7.5, 8.1, ax) * smoothstep(-2.0, -1.0, Q.y) * smoothstep(6.0, 5.0, Q.y);
    a = mix(a, a * vec3(1.14, 0.78, 0.74), clamp(redness * (0.7 * nose + 0.6 * cheek + 0.6 * ear), 0.0, 1.0));
    a = mix(a, a * vec3(1.10, 0.62, 0.62), blush * cheek);
    float socket = bump(ax - 3.15, 2.1) * bump(Q.y - 3.4, 1.45) * front(6.0);
    a *= 1.0 - (0.22 + 0.10 * age) * socket * vec3(0.75, 1.0, 0.9);
    float upper_lid = bump(ax - 3.2, 1.6) * bump(Q.y - 4.35, 0.55) * front(6.5);
    a = mix(a, vec3(0.16, 0.09, 0.12), shadow * upper_lid);
    float ring = (length(vec2((ax - 3.15) / 1.62, (Q.y - 3.45) / 0.72)) - 1.0) * 4.9;
    a *= 1.0 - liner * exp(-ring * ring) * front(7.0);
    float spots = smoothstep(0.70, 0.80, noise(Q * vec3(2.6, 2.6, 2.0)));
    float spread = bump(ax - 2.6, 3.0) * bump(Q.y - 0.7, 2.6) * front(6.0);
    return a * (1.0 - freckles * spots * spread * vec3(0.30, 0.46, 0.55));
}

float wrinkle(float phase, float width) { return exp(-pow(sin(phase) / width, 2.0)); }

// Darkness of folds: what age leaves on the face and what the expression adds.
float folds() {
    float wander = noise(Q * vec3(0.5, 0.3, 0.5)) * 1.8;
    float forehead = wrinkle(Q.y * 3.1 + wander, 0.30) * smoothstep(5.9, 6.6, Q.y) * smoothstep(9.2, 8.2, Q.y) * smoothstep(5.2, 3.2, ax);
    float glabella = bump(ax - 0.55, 0.16) * bump(Q.y - 5.2, 0.9) * front(9.0);
    float along = clamp((1.2 - Q.y) / 5.0, 0.0, 1.0);
    float nasolabial = bump(ax - mix(1.75, 3.75, along), 0.26) * smoothstep(1.3, 0.6, Q.y) * smoothstep(-4.2, -2.6, Q.y) * front(7.5);
    float crow = wrinkle((Q.y - 3.4) * 3.6 / max(ax - 4.2, 0.4) + 0.6, 0.35) * bump(ax - 5.7, 0.7) * bump(Q.y - 3.3, 1.0);
    float bags = bump(Q.y - (2.25 + 0.10 * (ax - 3.2) * (ax - 3.2)), 0.16) * bump(ax - 3.2, 1.5) * front(7.0);
    return forehead * (0.34 * age + 0.34 * brow_lines) + glabella * (0.34 * age + 0.5 * frown_lines)
         + nasolabial * (0.42 * age + 0.36 * smile_lines + 0.05) + crow * (0.30 * age + 0.22 * smile_lines) + bags * 0.40 * age;
}

float brow_hair() {
    float along = (ax - 1.05) / 4.1;
    float centre = 5.45 + brow_height + brow_arch * 1.5 * along * (1.5 - along) - 0.4 * along * along;
    float half_height = brow_thickness * mix(0.62, 0.20, smoothstep(0.2, 1.05, along)) * smoothstep(-0.15, 0.14, along) + 0.03;
    float body = smoothstep(half_height, half_height * 0.35, abs(Q.y - centre)) * smoothstep(1.12, 0.86, along) * smoothstep(-0.14, 0.03, along);
    float strands = 0.62 + 0.60 * noise(vec3(Q.x * 4.2 + Q.y * 2.6 * sign(Q.x), Q.y * 2.2, 0.0));
    return clamp(body * strands * brow_density, 0.0, 0.97) * front(6.0);
}

float beard_area() {
    float jaw = smoothstep(-0.6, -2.4, Q.y + 0.10 * (ax - 4.0) * (ax - 4.0) * step(ax, 4.0) * 0.4);
    float moustache = bump(Q.y + 1.55, 0.42) * smoothstep(3.1, 2.3, ax);
    float clear_lips = 1.0 - smoothstep(3.1, 2.5, ax) * bump(Q.y + 3.2, 1.35);
    float sideburn = smoothstep(6.0, 6.9, ax) * smoothstep(2.4, 0.4, Q.y);
    return clamp(max(max(jaw * clear_lips, moustache), sideburn), 0.0, 1.0) * smoothstep(8.0, 7.2, ax) * smoothstep(-10.5, -8.6, Q.y) * smoothstep(-0.5, 2.0, Q.z);
}

float lip_area() {
    float upper = -2.12 - 0.16 * exp(-ax * ax * 9.0) - 0.10 * ax - 0.09 * ax * ax;
    float lower = -4.42 + 0.10 * ax * ax + 0.02 * ax * ax * ax;
    return smoothstep(-0.14, 0.16, upper - Q.y) * smoothstep(-0.14, 0.18, Q.y - lower) * smoothstep(2.95, 2.55, ax) * front(8.6);
}

float inner_mouth() {
    return smoothstep(0.1, 0.9, (11.25 - 0.16 * ax * ax) - Q.z) * step(ax, 3.0) * step(-5.2, Q.y) * step(Q.y, -2.3);
}

vec4 paint_skin(vec3 n, vec3 view) {
    vec3 a = tint(skin);
    float occlusion = 1.0, gloss = 16.0, spec = gloss_amount;
    a *= 1.0 - folds();
    float hair = clamp(beard_area() * (stubble * (0.55 + 0.5 * noise(Q * 9.0)) + beard * (0.75 + 0.5 * noise(Q * vec3(6.0, 2.2, 6.0)))), 0.0, 0.96);
    a = mix(a, mix(a * vec3(0.52, 0.55, 0.62), hair_colour * (0.5 + 0.6 * noise(Q * vec3(7.0, 1.6, 7.0))), beard), hair);
    spec *= 1.0 - 0.7 * hair;
    float brow = brow_hair();
    a = mix(a, brow_colour, brow);
    spec *= 1.0 - 0.7 * brow;
    float lip = lip_area();
    a = mix(a, lips * (0.90 + 0.18 * noise(vec3(Q.x * 6.0, Q.y * 1.2, 3.0))), lip * 0.9);
    spec = mix(spec, gloss_amount * 1.5 + 0.08, lip);
    gloss = mix(gloss, 42.0, lip);
    float inside = inner_mouth();
    a = mix(a, vec3(0.28, 0.06, 0.06), inside);
    occlusion *= 1.0 - 0.86 * inside;
    spec *= 1.0 - inside;
    float nostril = bump(ax - 0.85, 0.44) * bump(Q.y + 0.55, 0.24) * front(9.0) * step(Q.z, 12.3);
    occlusion *= 1.0 - 0.62 * nostril;
    occlusion *= 1.0 - 0.45 * smoothstep(-8.0, -10.0, Q.y) * smoothstep(11.0, 4.0, Q.z);
    float above = Q.y - (hairline - 0.045 * ax * ax) + 0.7 * (noise(vec3(Q.x * 3.0, Q.y * 0.8, 4.0)) - 0.5);
    a = mix(a, hair_colour * 0.8, scalp_hair * smoothstep(-0.2, 0.7, above));
    float rim = 0.04 + 0.96 * pow(1.0 - max(dot(n, view), 0.0), 5.0);
    vec3 c = lit(a, n, view, 0.30, occlusion);
    c += spec * occlusion * (0.30 * shine(n, view, gloss) + 0.10 * shine(n, view, gloss * 4.0) + 0.10 * rim);
    return vec4(to_screen(c), 1.0);
}

vec4 paint_gums(vec3 n, vec3 view) {
    float depth = smoothstep(3.0, 10.3, Q.z);
    float occlusion = 0.14 + 0.78 * depth * depth;
    vec3 c = lit(vec3(0.58, 0.20, 0.20), n, view, 0.2, occlusion) + 0.18 * occlusion * shine(n, view, 30.0);
    return vec4(to_screen(c), 1.0);
}

vec4 paint_teeth(vec3 n, vec3 view) {
    float depth = smoothstep(6.5, 10.4, Q.z);
    float occlusion = (0.10 + 0.74 * depth * depth) * (0.55 + 0.45 * clamp(n.z, 0.0, 1.0));
    float gap = 1.0 - 0.45 * wrinkle(3.14159 * Q.x / 0.86, 0.16) * step(ax, 3.0);
    vec3 c = lit(vec3(0.84, 0.80, 0.71), n, view, 0.1, occlusion * gap) + 0.22 * occlusion * shine(n, view, 50.0);
    return vec4(to_screen(c), 1.0);
}

vec4 paint_eye(vec3 n, vec3 view) {
    vec3 d = normalize(Q - (Q.x > 0.0 ? left_eye : right_eye));
    float r = d.z < 0.0 ? 2.0 : length(d.xy), around = atan(d.y, d.x);
    vec3 white = vec3(0.78, 0.75, 0.72) * (1.0 - 0.30 * smoothstep(0.42, 0.95, r)) - vec3(0.0, 0.05, 0.05) * smoothstep(0.5, 0.9, r);
    vec3 ring = iris * (0.72 + 0.5 * noise(vec3(around * 5.0, r * 9.0, 1.0))) * (0.55 + 1.0 * smoothstep(0.10, 0.32, r));
    ring *= 1.0 - 0.7 * smoothstep(0.32, 0.41, r);
    vec3 a = mix(ring, white, smoothstep(0.39, 0.44, r));
    a = mix(vec3(0.010), a, smoothstep(pupil - 0.025, pupil + 0.025, r));
    float lid_shade = 1.0 - 0.5 * smoothstep(0.0, 1.1, P.y - 3.55);
    vec3 up_light = normalize(key_direction + vec3(0.0, 0.32, 0.2));
    float spark = pow(max(dot(n, normalize(up_light + view)), 0.0), 160.0);
    float facing = max(dot(n, key_direction), 0.0) * 0.55 + 0.40;
    return vec4(to_screen(a * lid_shade * facing * 0.95 + spark), 1.0);
}

vec4 paint_lashes() {
    float upper = step(3.42, Q.y);
    float fade = mix(0.10, 0.62, upper) * (1.0 - 0.85 * smoothstep(9.2, 10.4, Q.z)) * (0.5 + 0.8 * liner);
    return vec4(to_screen(brow_colour * 0.15), clamp(fade * (0.75 + 0.4 * noise(vec3(Q.x * 9.0, Q.z * 2.0, 0.0))), 0.0, 1.0));
}

void main() {
    ax = abs(Q.x);
    vec3 view = normalize(vec3(0.0, 0.5, camera_distance) - P);
    vec3 n = normalize(N);
    if (M < 1.5) colour = paint_skin(n, view);
    else if (M < 2.5) colour = paint_gums(n, view);
    else if (M < 3.5) colour = paint_teeth(n * (dot(n, view) < 0.0 ? -1.0 : 1.0), view);
    else if (M < 4.5) colour = paint_eye(n, view);
    else colour = paint_lashes();
}
