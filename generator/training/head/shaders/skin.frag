#version 330
in vec3 P, N, Q;
in vec2 UV, O;
out vec4 colour;
uniform sampler2D albedo_map, relief_map;
uniform vec4 left_lines, right_lines; // brow up, smile, squint, frown
uniform float mouth_open, melanin, wetness;
#include "noise.glsl"
#include "regions.glsl"
#include "light.glsl"

vec3 fold_depth() {
    vec4 w = mix(right_lines, left_lines, smoothstep(-0.4, 0.4, Q.x));
    float cheek = mix(w.y, max(w.z, w.y * 0.7), smoothstep(1.0, 2.0, Q.y));
    return vec3(w.x, cheek, w.w) * 0.055;
}

float height(vec2 at, vec3 depth) {
    vec4 r = texture(relief_map, at);
    return (r.x - 0.5) * 0.2 - dot(r.yzw, depth);
}

// The normal of the relief, from how the height changes over the screen.
vec3 in_relief(vec3 n, float h0, vec3 depth) {
    vec2 at = UV * vec2(0.5, 1.0);
    vec3 px = dFdx(P), py = dFdy(P);
    float hx = height(at + dFdx(at), depth) - h0, hy = height(at + dFdy(at), depth) - h0;
    vec3 rx = cross(py, n), ry = cross(n, px);
    float det = dot(px, rx);
    return normalize(abs(det) * n - sign(det) * (hx * rx + hy * ry));
}

void main() {
    vec3 view = to_eye(P), n = normalize(N), depth = fold_depth();
    vec2 at = UV * vec2(0.5, 1.0);
    vec4 paint = texture(albedo_map, at);
    float inside = inner_mouth();
    float h = height(at, depth);
    vec3 fine = in_relief(n, h, depth);
    float open = mix(O.x, O.y, max(inside, lip_area()) * mouth_open);
    open = mix(open, max(open * 0.55, 0.24 * mouth_open), inside);
    float lines = clamp(-(h + 0.01) * 4.0, 0.0, 0.5);
    vec3 albedo = paint.rgb * paint.rgb * (1.0 - lines);
    float shadow = key_reaches(P, n, 2.6);

    // Light wanders furthest through skin in red: a smoother normal, a longer wrap, a softer shadow.
    vec3 facing = vec3(dot(mix(fine, n, 0.65), key_direction), dot(mix(fine, n, 0.3), key_direction), dot(mix(fine, n, 0.15), key_direction));
    vec3 wrap = vec3(0.34, 0.17, 0.12);
    vec3 key = clamp((facing + wrap) / (1.0 + wrap), 0.0, 1.0);
    key *= key * (3.0 - key) * 0.5 * pow(vec3(shadow), vec3(0.55, 0.9, 1.0));
    vec3 closed = pow(vec3(open), vec3(0.75, 1.05, 1.15));
    vec3 light = key_colour * key + fill_colour * clamp(dot(fine, fill_direction) * 0.65 + 0.35, 0.0, 1.0) * closed + mix(ground_colour, sky_colour, fine.y * 0.5 + 0.5) * closed;
    vec3 c = albedo * light;

    float gloss = paint.a, fresnel = 0.035 + 0.6 * pow(1.0 - max(dot(fine, view), 0.0), 5.0);
    float reach = shadow * open;
    float power = mix(9.0, 46.0, gloss);
    vec3 sheen = key_colour * reach * (lobe(fine, view, key_direction, power) * 0.75 + lobe(fine, view, key_direction, power * 4.0) * 0.35 * gloss);
    sheen += fill_colour * open * lobe(fine, view, fill_direction, power) * 0.6 + sky_colour * fresnel * open * open * 0.8;
    c += sheen * (0.020 + 0.075 * gloss) * 1.6 * (1.0 - 0.4 * inside);
    c += rim(fine, view, open) * (0.25 + 0.75 * gloss) * 0.8;
    colour = vec4(to_screen(c), 1.0);
}
